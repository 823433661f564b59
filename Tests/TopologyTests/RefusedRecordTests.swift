import Contract
import EventLog
import Indicators
import Randomness
import Testing
import Topology

/// What of a refused record is written to `rejected-events`.
@Suite struct RefusedRecordTests {
  struct Whole: Equatable {
    var timestamp: Int64? = 1_700_000_000_000
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [Header] = []

    var size: Int { (key?.count ?? 0) + (value?.count ?? 0) + headers.reduce(0) { $0 + $1.size } }
  }

  private func task(room: Int) throws -> EntityTask {
    EntityTask(
      partition: 2,
      EntityTask.Context(
        catalog: try Catalog(reportingCurrency: "EUR", excludedPartnerCountries: [], products: []),
        inputPartitions: 1, partialPartitions: 1, rejectedPartitions: 2, largestRejected: room))
  }

  private func apply(_ records: [Whole], of topic: Topic = .customers, to task: EntityTask) throws {
    var batch = OutputBatch()
    for record in records {
      batch.append(
        topic, partition: 2, key: record.key, value: record.value, timestamp: record.timestamp,
        headers: record.headers)
    }
    var offset: Int64 = 40
    try batch.forEach { (record) throws in
      let read = Record(
        topic: topic, partition: 2, offset: offset, timestamp: record.timestamp, key: record.key,
        value: record.value, headers: record.headers)
      offset += 1
      try withUnsafePointer(to: read) { try task.apply(UnsafeBufferPointer(start: $0, count: 1)) }
    }
  }

  private func refused(_ task: EntityTask) throws -> [Whole] {
    var outputs = OutputBatch()
    try task.drain(into: &outputs)
    var refused: [Whole] = []
    outputs.forEach { record in
      guard record.topic == .rejectedEvents else { return }
      #expect(record.partition == 0)
      refused.append(
        Whole(
          timestamp: record.timestamp, key: record.key.map(Array.init), value: record.value.map(Array.init),
          headers: record.headers.map(Header.init)))
    }
    return refused
  }

  private func refuse(_ record: Whole, of topic: Topic = .customers, room: Int = 1_000_000) throws -> Whole {
    let task = try task(room: room)
    try apply([record], of: topic, to: task)
    let refused = try refused(task)
    #expect(refused.count == 1)
    return try #require(refused.first)
  }

  private static func notes(_ reason: String, _ detail: String? = nil) -> [Header] {
    let notes = [("reason", reason), ("topic", "customers"), ("partition", "2"), ("offset", "40")]
    return (notes + (detail.map { [("detail", $0)] } ?? [])).map { Header($0.0, $0.1.utf8) }
  }

  static let records = [
    Whole(key: nil, value: nil), Whole(key: [], value: []), Whole(timestamp: nil, key: [1], value: [0xff]),
    Whole(timestamp: -1, key: nil, value: Array("{".utf8), headers: [Header("trace", "42".utf8)]),
    Whole(
      key: [7], value: [1],
      headers: [Header("reason", "mine".utf8), Header("detail", []), Header(name: [0xff], value: nil)]),
  ]

  // Holds REL-40, SEM-52.
  @Test(arguments: records) func aRecordIsKeptAsItCame(record: Whole) throws {
    let found = try refuse(record)
    #expect(
      found.key == record.key && found.value == record.value && found.timestamp == record.timestamp ?? -1)
    let reasons = found.headers.indices.filter { found.headers[$0].name == Array("reason".utf8) }
    // The producer's headers, then ours, from the last reason on.
    #expect(Array(found.headers[..<reasons.last!]) == record.headers)
  }

  @Test(
    arguments: [
      (nil, "not_decodable", "no value"), ([], "missing_id", nil),
      (Array("{\"customerId\":}".utf8), "not_decodable", "malformed JSON at byte 14"),
      ([0x0a, 0x05, 0x41], "not_decodable", "truncated at byte 2"),
      ([0, 0, 0, 0, 1, 0, 0x0a, 0x05, 0x41], "not_decodable", "truncated at byte 8"),
      ([0x0a, 0x01, 0xff], "not_decodable", "invalid UTF-8 at byte 3"),
      ([0, 0, 0, 0, 1, 0, 0x0a, 0x01, 0xff], "not_decodable", "invalid UTF-8 at byte 9"),
    ] as [([UInt8]?, String, String?)])
  func ourHeadersSayWhatWasWrong(value: [UInt8]?, reason: String, detail: String?) throws {
    #expect(try refuse(Whole(key: nil, value: value)).headers == Self.notes(reason, detail))
  }

  // Holds REL-13.
  @Test func whatIsTooLargeIsThereWithItsBeginning() throws {
    let value = [UInt8](repeating: 0xff, count: 5_000_000)
    let found = try refuse(Whole(key: [1], value: value), room: 10_000)
    #expect(found.size <= 10_000 && found.size > 9_700)
    #expect(found.key == [1])
    #expect(found.value == Array(value.prefix(found.value?.count ?? 0)))
    #expect(found.headers.last == Header("truncated", "value=5000000".utf8))
    let headers = (0..<30_000).map { Header("h-\($0)", "x".utf8) }
    let key = [UInt8](repeating: 7, count: 70_000)
    let other = try refuse(Whole(key: key, value: [0xff], headers: headers), room: 10_000)
    #expect(other.size <= 10_000 && other.size > 9_600)
    #expect(other.value == [0xff])
    #expect(other.headers.last == Header("truncated", "key=70000,headers=30000".utf8))
  }

  /// How often to try random sizes.
  @Test func whateverFitsIsWholeAndNothingIsLargerThanItMayBe() throws {
    var random = SplitMix64(seed: 20_261_129)
    var (whole, cut) = (0, 0)
    for _ in 0..<500 {
      let room = 4096 + random.below(8_000)
      func bytes(_ bound: Int) -> [UInt8]? {
        if random.percent(10) { return nil }
        return (0..<(random.percent(70) ? random.below(bound) : random.below(30))).map {
          UInt8(truncatingIfNeeded: 255 - $0 % 9)
        }
      }
      let record = Whole(
        key: bytes(9_000), value: bytes(9_000),
        headers: (0..<random.below(30)).map { Header(name: Array("h\($0)".utf8), value: bytes(600)) })
      let found = try refuse(record, room: room)
      #expect(found.size <= room)
      let carried = Array(
        found.headers[..<(found.headers.lastIndex { $0.name == Array("reason".utf8) } ?? 0)])
      #expect(carried == Array(record.headers.prefix(carried.count)))
      let note = found.headers.last.flatMap { $0.name == Array("truncated".utf8) ? $0.value : nil }
      #expect((found.key == nil) == (record.key == nil) && (found.value == nil) == (record.value == nil))
      if let note {
        cut += 1
        #expect(record.size > room - 512)
        var parts: [String] = []
        if found.value != record.value { parts.append("value=\(record.value?.count ?? 0)") }
        if found.key != record.key { parts.append("key=\(record.key?.count ?? 0)") }
        if carried != record.headers { parts.append("headers=\(record.headers.count)") }
        #expect(String(decoding: note, as: UTF8.self) == parts.joined(separator: ","))
        #expect(record.value?.starts(with: found.value ?? []) ?? true)
        #expect(record.key?.starts(with: found.key ?? []) ?? true)
        #expect(found.value == record.value || (found.value?.count ?? 0) >= room / 2 - 512)
      } else {
        whole += 1
        #expect(carried == record.headers && found.key == record.key && found.value == record.value)
      }
    }
    #expect(whole > 50 && cut > 50)
  }

  // Holds REL-14.
  @Test func whatOneCommitHoldsIsBoundedHoweverMuchIsRefused() throws {
    let task = try task(room: 1_000_000)
    let record = Whole(key: nil, value: [UInt8](repeating: 0xff, count: 999_000))
    // As if nothing were committed in between: ten thousand such records would be ten gigabytes.
    for _ in 0..<10 { try apply([Whole](repeating: record, count: 100), to: task) }
    #expect(task.heldBytes < EntityTask.maxHeldBytes + 1_000 * 4096 + 1_000_000)
    let found = try refused(task)
    #expect(found.count == 1_000)
    #expect(found.first?.value?.count == 999_000)
    #expect(found.last?.headers.last == Header("truncated", "value=999000".utf8))
    #expect(task.heldBytes == 0)
  }
}
