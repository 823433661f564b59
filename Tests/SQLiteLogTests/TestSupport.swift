import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

/// A directory that goes with this object.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("sqlite-log-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var logPath: String { path + "/events.db" }

  /// A log with all topics.
  func log(partitions: Int32 = 2, options: SQLiteLog.Options = .test) throws -> SQLiteLog {
    let log = try SQLiteLog(path: logPath, options: options)
    try log.createTopics(partitions: partitions)
    return log
  }
}

extension SQLiteLog.Options {
  /// Without waits for the disk.
  static var test: Self {
    var options = Self()
    options.durability = .processEnd
    options.busyTimeout = 5_000
    return options
  }
}

/// A record that owns its bytes.
struct Copy: Equatable {
  var partition: TopicPartition
  var offset: Int64
  var key: String
  var value: String?

  init(_ topic: Topic, _ number: Int32, _ offset: Int64, _ key: String, _ value: String?) {
    partition = TopicPartition(topic, number)
    self.offset = offset
    self.key = key
    self.value = value
  }

  init(_ record: Record) {
    self.init(
      record.topic, record.partition, record.offset,
      record.key.map { String(decoding: $0, as: UTF8.self) } ?? "",
      record.value.map { String(decoding: $0, as: UTF8.self) })
  }
}

/// Notes what a member is told; reads from the committed positions, or from the beginnings.
final class Recorder: GroupListener {
  /// Set after joining; the member owns no listener, so this is no cycle.
  var member: (any GroupMember)?
  var topics: [Topic]
  var tasks: Set<Int32> = []
  var records: [Copy] = []
  var ends: [TopicPartition: [Int64]] = [:]
  var log: [String] = []
  var whenRevoked: ([Int32]) -> Void = { _ in }

  init(_ topics: [Topic]) { self.topics = topics }

  func assigned(_ assigned: [Int32]) throws(LogError) -> Positions {
    log.append("assigned \(assigned)")
    tasks.formUnion(assigned)
    let partitions = topics.flatMap { topic in assigned.map { TopicPartition(topic, $0) } }
    let beginnings = try member?.beginnings(partitions) ?? [:]
    return beginnings.merging(try member?.committed(partitions).positions ?? [:]) { $1 }
  }

  func revoked(_ revoked: [Int32]) {
    log.append("revoked \(revoked)")
    whenRevoked(revoked)
    tasks.subtract(revoked)
  }

  func lost(_ lost: [Int32]) {
    log.append("lost \(lost)")
    tasks.subtract(lost)
  }

  func received(_ batch: UnsafeBufferPointer<Record>) { records += batch.map(Copy.init) }

  func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    ends[partition, default: []].append(offset)
  }
}

extension LogWriter {
  func append(_ topic: Topic, _ partition: Int32, _ key: String, _ value: String?) throws {
    // Through Results, since withUnsafeBytes does not pass a typed error on.
    let outcome: Result<Void, LogError> = Array(key.utf8).withUnsafeBytes { key in
      do throws(LogError) {
        guard let value else {
          return .success(try append(topic, partition: partition, key: key, value: nil, timestamp: nil))
        }
        return Array(value.utf8).withUnsafeBytes { value in
          do throws(LogError) {
            return .success(try append(topic, partition: partition, key: key, value: value, timestamp: nil))
          } catch {
            return .failure(error)
          }
        }
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }
}

extension SQLiteLog {
  /// Appends values with the keys `k`.
  func write(_ topic: Topic, _ partition: Int32, _ values: [String]) throws {
    let writer = try writer()
    for value in values { try writer.append(topic, partition, "k", value) }
    try writer.flush()
  }

  func member(_ group: String, _ topics: [Topic], id: String = "m") throws -> (any GroupMember, Recorder) {
    let member = try join(GroupSpec(name: group, topics: topics), as: MemberIdentity(transactionalID: id))
    let recorder = Recorder(topics)
    recorder.member = member
    return (member, recorder)
  }

  func contents(_ topics: [Topic]) throws -> [Copy] {
    let reader = try reader(topics)
    var copies: [Copy] = []
    while try !reader.poll(timeout: 0, { copies += $0.map(Copy.init) }) {}
    return copies
  }
}

extension OutputBatch {
  mutating func append(_ topic: Topic, _ partition: Int32, _ key: String, _ value: String?) {
    append(topic, partition: partition, key: Array(key.utf8), value: value.map { Array($0.utf8) })
  }
}

func isCommitted(_ outcome: CommitOutcome) -> Bool {
  if case .committed = outcome { true } else { false }
}

/// Calls `body` until it returns true, at most `seconds` long.
func eventually(seconds: Double = 10, _ body: () throws -> Bool) rethrows -> Bool {
  let deadline = Date().addingTimeInterval(seconds)
  while Date() < deadline { if try body() { return true } }
  return false
}
