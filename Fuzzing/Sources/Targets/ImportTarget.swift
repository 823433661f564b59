import Contract
import EventImport
import EventLog
import Glibc
import ReferenceModel

/// A file of events as lines of NDJSON, as `import` reads it.
struct ImportTarget: FuzzTarget {
  static let name = "ndjson"
  private let file = MemoryFile()

  func run(_ input: UnsafeRawBufferPointer) {
    file.write(input)
    lseek(file.descriptor, 0, SEEK_SET)
    let log = ImportLog()
    do {
      var importer = try EventImporter(log)
      let lines = LineReader(descriptor: file.descriptor)
      var (count, taken) = (0, 0)
      while let line = try lines.next() {
        count += 1
        if take(line, &importer) { taken += 1 }
      }
      let newlines = input.count { $0 == 10 } + (input.last.map { $0 == 10 ? 0 : 1 } ?? 0)
      expect(count == newlines, "\(newlines) lines, \(count) read")
      expect(log.written.count == taken, "\(taken) events taken, \(log.written.count) written")
    } catch {
      fatalError("\(error)")
    }
  }

  private func take(_ line: LineReader.Line, _ importer: inout EventImporter) -> Bool {
    guard case .bytes(let bytes) = line else { return false }
    do {
      return try importer.append(bytes)
    } catch let error as DecodingError {
      expect(!error.description.isEmpty, "a line is refused without a reason")
    } catch let error as EventLine.Fault {
      expect(!error.description.isEmpty, "a line is refused without a reason")
    } catch {
      fatalError("\(error)")
    }
    return false
  }

  static func seeds() throws -> [[UInt8]] {
    SeedEvents.sets(40).map { set in
      let lines = set.prefix(12).compactMap { frame -> String? in
        guard let json = json(frame) else { return nil }
        return #"{"topic":"\#(frame.topic.name)","timestamp":"2026-11-05T10:20:30.5Z","value":\#(json)}"#
      }
      return Array(lines.joined(separator: "\n").utf8)
    }
  }

  private static func json(_ frame: Frame) -> String? {
    func text<M: InputMessage>(_: M.Type) -> String? where M.Owned == M {
      guard let message = frame.value.flatMap({ $0.withUnsafeBytes { try? M(payload: $0) } }) else {
        return nil
      }
      var json: [UInt8] = []
      message.encodeJSON(into: &json)
      return String(decoding: json, as: UTF8.self)
    }
    return switch frame.topic {
    case .usageActions: text(UsageAction<String>.self)
    case .licenseAssignments: text(LicenseAssignment<String>.self)
    case .subscriptions: text(Subscription<String>.self)
    case .billingLines: text(BillingLine<String>.self)
    case .instances: text(Instance<String>.self)
    case .customers: text(Customer<String>.self)
    case .examPasses: text(ExamPass<String>.self)
    case .affiliations: text(Affiliation<String>.self)
    case .partners: text(Partner<String>.self)
    default: nil
    }
  }
}

/// A log that takes events and checks that they can be read again.
private final class ImportLog: EventLog {
  final class Writer: LogWriter {
    private(set) var count = 0

    func append(
      _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?,
      timestamp: Int64?
    ) throws(LogError) {
      count += 1
      expect((0..<7).contains(partition), "partition \(partition) of 7")
      expect(!key.isEmpty && value?.isEmpty == false, "an event without a key or a value")
    }

    func flush() throws(LogError) {}
  }

  // One thread has it all.
  nonisolated(unsafe) let written = Writer()

  func identity() throws(LogError) -> String { "import" }
  var generation: Generation { .first }
  func createTopics(_ topics: [Topic], partitions: Int32) throws(LogError) {}
  func deleteTopics(_ topics: [Topic]) throws(LogError) {}
  func deleteGroups(_ groups: [String]) throws(LogError) {}
  func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32] { try checkTopics(topics) }
  func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    Dictionary(uniqueKeysWithValues: topics.map { ($0, 7) })
  }
  func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    throw LogError(.unusable, code: "NONE", "no groups")
  }
  func committed(_ partitions: [TopicPartition], of group: String) throws(LogError) -> Positions { [:] }
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions { [:] }
  func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions { [:] }
  func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader {
    throw LogError(.unusable, code: "NONE", "no readers")
  }
  func writer() throws(LogError) -> any LogWriter { written }
}
