import Contract
import EventLog
import Foundation
import KafkaLog
import Synchronization

/// The broker under test and what each test needs of it.
enum Broker {
  static let address = ProcessInfo.processInfo.environment["PARTNERPULSE_BOOTSTRAP_SERVERS"]

  /// A log with topics of its own; they are made with `partitions` partitions each unless that is 0.
  static func log(
    partitions: Int32 = 4, properties: [(String, String)] = [], prefix: String = unique("t") + ".",
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> KafkaLog {
    let log = try KafkaLog(
      bootstrapServers: address ?? "", properties: properties, topicPrefix: prefix, log: { _ in }, warn: warn)
    if partitions > 0 { try log.createTopics(partitions: partitions) }
    return log
  }

  static func unique(_ stem: String) -> String { "\(stem)-\(UUID().uuidString.prefix(8).lowercased())" }
}

/// A record that outlives the call that handed it out.
struct OwnedRecord: Equatable {
  var topic: Topic
  var partition: Int32
  var offset: Int64
  var timestamp: Int64?
  var key: [UInt8]?
  var value: [UInt8]?
  var headers: [Header]

  init(_ record: Record) {
    topic = record.topic
    partition = record.partition
    offset = record.offset
    timestamp = record.timestamp
    key = record.key.map(Array.init)
    value = record.value.map(Array.init)
    headers = record.headers.map(Header.init)
  }

  var text: String { String(decoding: value ?? [], as: UTF8.self) }
}

extension EventLog {
  /// Everything that a reader sees of the topics until the ends of now.
  func readAll(_ topics: [Topic], seconds: Int = 30) throws -> [OwnedRecord] {
    let reader = try reader(topics)
    var all: [OwnedRecord] = []
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !reader.poll(timeout: 100, { all += $0.map(OwnedRecord.init) }) {
      guard ContinuousClock.now < deadline else {
        throw LogError(.retriable, code: "TEST", "reader not done in time")
      }
    }
    return all
  }

  func append(_ values: some Sequence<String>, to topic: Topic, partition: Int32) throws {
    let writer = try writer()
    for value in values {
      try Array(value.utf8).withUnsafeBytes {
        try writer.append(topic, partition: partition, key: $0, value: $0, timestamp: nil)
      }
    }
    try writer.flush()
  }
}

/// A listener that tracks positions as a stage would.
final class Tracker: GroupListener {
  weak var member: (any GroupMember)?
  let topics: [Topic]
  var tasks: Set<Int32> = []
  var positions: Positions = [:]
  var records: [OwnedRecord] = []
  var ends: Positions = [:]
  var assignments = 0
  var lostTasks: [Int32] = []
  var startFromBeginning = true
  var onReceived: ((UnsafeBufferPointer<Record>) -> Void)?
  var onRevoked: (([Int32]) -> Void)?

  init(_ topics: [Topic]) { self.topics = topics }

  func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
    assignments += 1
    self.tasks.formUnion(tasks)
    let partitions = topics.flatMap { topic in tasks.map { TopicPartition(topic, $0) } }
    var from = try member?.committed(partitions).positions ?? [:]
    if startFromBeginning { for partition in partitions where from[partition] == nil { from[partition] = 0 } }
    positions.merge(from) { $1 }
    return from
  }

  func revoked(_ tasks: [Int32]) {
    onRevoked?(tasks)
    forget(tasks)
  }

  func lost(_ tasks: [Int32]) {
    lostTasks += tasks
    forget(tasks)
  }

  private func forget(_ tasks: [Int32]) {
    self.tasks.subtract(tasks)
    positions = positions.filter { !tasks.contains($0.key.partition) }
  }

  func received(_ records: UnsafeBufferPointer<Record>) {
    for record in records { positions[record.topicPartition] = record.offset + 1 }
    if let onReceived { onReceived(records) } else { self.records += records.map(OwnedRecord.init) }
  }

  func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    ends[partition] = offset
    positions[partition] = max(positions[partition] ?? 0, offset)
  }
}

extension GroupMember {
  /// Polls until `done`, for a while; returns whether it was.
  @discardableResult
  func poll(_ listener: any GroupListener, seconds: Double = 20, until done: () -> Bool) throws -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(Int(seconds * 1000))
    while !done() {
      guard ContinuousClock.now < deadline else { return false }
      try poll(timeout: 20, listener)
    }
    return true
  }
}

func outputs(_ values: some Sequence<String>, to topic: Topic, partition: Int32) -> OutputBatch {
  var batch = OutputBatch()
  for value in values {
    batch.append(topic, partition: partition, key: Array(value.utf8), value: Array(value.utf8))
  }
  return batch
}

extension CommitOutcome {
  var isCommitted: Bool { if case .committed = self { true } else { false } }
  var isAborted: Bool { if case .aborted = self { true } else { false } }
  var fatalCode: String? { if case .fatal(let error) = self { error.code } else { nil } }
}
