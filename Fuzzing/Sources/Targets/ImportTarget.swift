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
    let isGzip = input.starts(with: [0x1f, 0x8b])
    file.write(input)
    lseek(file.descriptor, 0, SEEK_SET)
    // Its length says whether unknown fields are refused, and whether the log refuses records.
    let log = ImportLog(refuses: input.count & 2 != 0)
    var refused: [Int] = []
    do {
      var importer = try EventImporter(log, isStrict: input.count & 1 != 0) { number, reason in
        expect(!reason.isEmpty && !reason.contains("\n"), "a line is refused with the reason \"\(reason)\"")
        refused.append(number)
      }
      let lines = LineReader(descriptor: file.descriptor)
      var (count, events) = (0, 0)
      reading: while let line = try Self.next(lines, isGzip: isGzip) {
        switch line {
        case .bytes(let bytes):
          count += 1
          if try importer.append(bytes, number: count) { events += 1 }
        case .tooLong: count += 1
        case .pending: fatalError("a file does not let anybody wait")
        case .notText: break reading
        }
      }
      try importer.flush()
      if isGzip {
        // How many lines it has is not seen from outside.
      } else if isText(input) {
        let mark = input.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        let rest = input.dropFirst(mark)
        let newlines = rest.count { $0 == 10 } + (rest.last.map { $0 == 10 ? 0 : 1 } ?? 0)
        expect(count == newlines, "\(newlines) lines, \(count) read")
      } else {
        expect(count == 0, "\(count) lines of what is no text")
      }
      let taken = log.writer.count
      expect(events == taken + refused.count, "\(events) events, \(taken) taken, \(refused.count) refused")
      expect(Set(refused).count == refused.count, "a line is refused twice")
      for warning in importer.warnings { expect(!warning.contains("\n"), "a warning has more than a line") }
    } catch {
      fatalError("\(error)")
    }
  }

  /// Nil at the end, and where gzip data are damaged.
  private static func next(_ lines: LineReader, isGzip: Bool) throws(ReadFault) -> LineReader.Line? {
    do throws(ReadFault) {
      return try lines.next()
    } catch {
      if case .system = error { throw error }
      expect(isGzip, "\(error) in what is not compressed")
      return nil
    }
  }

  private func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if case .notText = TextForm(firstBytes: bytes) { false } else { true }
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

/// A log that takes events, or every other one, and checks that they can be read again.
private final class ImportLog: EventLog {
  final class Writer: LogWriter {
    let refuses: Bool
    var refused: RefusalHandler?
    private(set) var count = 0
    private var waiting: [Int] = []
    private var last = 0

    init(refuses: Bool) { self.refuses = refuses }

    func append(
      _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
      timestamp: Int64?, headers: RecordHeaders, tag: Int
    ) throws(LogError) {
      expect((0..<7).contains(partition), "partition \(partition) of 7")
      expect(key?.isEmpty == false && value?.isEmpty == false, "an event without a key or a value")
      expect(timestamp.map { $0 > 0 } ?? true, "a record without a time")
      expect(tag > last, "line \(tag) comes after line \(last)")
      last = tag
      if refuses && tag % 2 == 0 { waiting.append(tag) } else { count += 1 }
    }

    /// As on Kafka, a refusal is known later.
    func flush() throws(LogError) {
      for tag in waiting {
        refused?(RefusedRecord(tag: tag, reason: LogError(.unusable, code: "NONE", "refused")))
      }
      waiting = []
    }
  }

  // One thread has it all.
  nonisolated(unsafe) let writer: Writer

  init(refuses: Bool) { writer = Writer(refuses: refuses) }

  func identity() throws(LogError) -> String { "import" }
  var generation: Generation { .first }
  var keepsCheckpoints: Bool { false }
  func createTopics(_ topics: [Topic], partitions: Int32, retention: Int64?) throws(LogError) {}
  func deleteTopics(_ topics: [Topic]) throws(LogError) {}
  func deleteGroups(_ groups: [String]) throws(LogError) {}
  func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32] { try checkTopics(topics) }
  func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    Dictionary(uniqueKeysWithValues: topics.map { ($0, 7) })
  }
  func largestRecord(of topic: Topic) throws(LogError) -> Int { 1_000_000 }
  func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    throw LogError(.unusable, code: "NONE", "no groups")
  }
  func committed(_ partitions: [TopicPartition], of group: String) throws(LogError) -> Positions { [:] }
  func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String] { [:] }
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions { [:] }
  func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions { [:] }
  func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions { [:] }
  func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader {
    throw LogError(.unusable, code: "NONE", "no readers")
  }
  func reader(from positions: Positions) throws(LogError) -> any PartitionReader {
    throw LogError(.unusable, code: "NONE", "no readers")
  }
  func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter {
    writer.refused = refused
    return writer
  }
}
