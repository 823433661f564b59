import Contract
import EventLog
import KafkaLog
import Testing

/// All that a record has but its place.
private struct Whole: Equatable {
  var timestamp: Int64?
  var key: [UInt8]?
  var value: [UInt8]?
  var headers: [Header]

  init(timestamp: Int64?, key: [UInt8]?, value: [UInt8]?, headers: [Header] = []) {
    (self.timestamp, self.key, self.value, self.headers) = (timestamp, key, value, headers)
  }

  init(_ record: Record) {
    self.init(
      timestamp: record.timestamp, key: record.key.map(Array.init), value: record.value.map(Array.init),
      headers: record.headers.map(Header.init))
  }
}

@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaRecordTests {
  private static let written = [
    Whole(timestamp: 1_600_000_000_123, key: nil, value: nil),
    Whole(timestamp: 1, key: [], value: [], headers: [Header("trace", "42".utf8), Header("trace", [])]),
    Whole(timestamp: 3, key: nil, value: [7], headers: [Header(name: [0xff], value: nil)]),
    Whole(timestamp: -5, key: [8, 0], value: nil, headers: [Header("", "x".utf8)]),
  ]

  /// A log whose topic of refused events has `settings`.
  private func makeLog(_ settings: [String: String]) throws -> KafkaLog {
    let prefix = Broker.unique("t") + "."
    try Broker.create(
      .rejectedEvents, prefix: prefix, partitions: 1,
      settings: [("cleanup.policy", "delete")] + settings.map { ($0.key, $0.value) })
    return try Broker.log(partitions: 1, prefix: prefix)
  }

  private func readAll(_ topic: Topic, of log: KafkaLog) throws -> [Whole] {
    let reader = try log.reader([topic])
    var all: [Whole] = []
    while try !reader.poll(timeout: 100, { all += $0.map(Whole.init) }) {}
    return all
  }

  private func batch(_ records: [Whole]) -> OutputBatch {
    var outputs = OutputBatch()
    for record in records {
      outputs.append(
        .rejectedEvents, partition: 0, key: record.key, value: record.value, timestamp: record.timestamp,
        headers: record.headers)
    }
    return outputs
  }

  private func commit(_ records: [Whole], to log: KafkaLog) throws {
    let tracker = Tracker([.usageActions])
    let member = try log.join(
      GroupSpec(name: Broker.unique("g"), topics: tracker.topics),
      as: MemberIdentity(transactionalID: Broker.unique("id")))
    tracker.member = member
    defer { member.close(tracker) }
    #expect(try member.poll(tracker) { !tracker.tasks.isEmpty })
    #expect(member.commit(batch(records), positions: [TopicPartition(.usageActions, 0): 1]).isCommitted)
  }

  @Test func aRecordIsReadAsItWasCommittedAndAsItWasCopied() throws {
    let log = try Broker.log(partitions: 1)
    _ = try log.checkTopics(Topic.outputs)
    try commit(Self.written, to: log)
    #expect(try readAll(.rejectedEvents, of: log) == Self.written)
    let reader = try log.reader([.rejectedEvents])
    let writer = try log.writer()
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = try reader.poll(timeout: 100) { records in
        for record in records {
          #expect(throws: Never.self) {
            try writer.append(
              .customers, partition: 0, key: record.key, value: record.value, timestamp: record.timestamp,
              headers: record.headers)
          }
        }
      }
    }
    try writer.flush()
    #expect(try readAll(.customers, of: log) == Self.written)
  }

  @Test func aRecordWithoutATimeIsWrittenAndReadAsOne() throws {
    let log = try Broker.log(partitions: 1)
    try commit([Whole(timestamp: -1, key: nil, value: [1])], to: log)
    #expect(try readAll(.rejectedEvents, of: log) == [Whole(timestamp: nil, key: nil, value: [1])])
  }

  @Test func aTimeThatTheTopicDoesNotKeepIsInAHeader() throws {
    let times: [(settings: [String: String], kept: [Int64])] = [
      ([:], [1_600_000_000_000, 5]), (["message.timestamp.before.max.ms": "600000"], []),
      (["message.timestamp.type": "LogAppendTime"], []),
    ]
    for (settings, kept) in times {
      let log = try makeLog(settings)
      _ = try log.checkTopics(Topic.outputs)
      let stamps: [Int64] = [1_600_000_000_000, 0, 5, 4_000_000_000_000]
      try commit(stamps.map { Whole(timestamp: $0, key: nil, value: nil) }, to: log)
      let read = try readAll(.rejectedEvents, of: log)
      #expect(read.count == stamps.count)
      for (stamp, record) in zip(stamps, read) {
        let isKept = kept.contains(stamp)
        #expect((record.timestamp == stamp) == isKept)
        #expect(record.headers == (isKept ? [] : [Header("timestamp", String(stamp).utf8)]))
      }
    }
  }

  // Holds REL-40.
  @Test(arguments: [10_000, 1_048_588]) func theLargestRecordsAreTakenAndManyOfThemAtOnce(limit: Int) throws {
    let log = try makeLog(["max.message.bytes": String(limit)])
    let largest = try log.largestRecord(of: .rejectedEvents)
    #expect(largest < limit && largest > limit / 2)
    // Bytes that do not compress.
    var state: UInt64 = 1
    let noise = (0..<largest).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    let headers = (0..<20).map { Header("name-\($0)", noise.prefix(50)) }
    let rest = largest - 100 - headers.reduce(0) { $0 + $1.size }
    let record = Whole(
      timestamp: 1_600_000_000_000, key: Array(noise.prefix(100)), value: Array(noise.prefix(rest)),
      headers: headers)
    try commit([Whole](repeating: record, count: 30), to: log)
    #expect(try readAll(.rejectedEvents, of: log) == [Whole](repeating: record, count: 30))
  }

  @Test func whatTheProducerMayNotSendBoundsARecordToo() throws {
    let properties = [("message.max.bytes", "20000"), ("queue.buffering.max.kbytes", "10")]
    for count in 1...2 {
      let log = try Broker.log(partitions: 1, properties: Array(properties.prefix(count)))
      let largest = try log.largestRecord(of: .rejectedEvents)
      #expect(largest < (count == 1 ? 20_000 : 10_240) && largest > (count == 1 ? 10_240 : 5_000))
      try commit([Whole(timestamp: nil, key: nil, value: [UInt8](repeating: 3, count: largest))], to: log)
      #expect(try readAll(.rejectedEvents, of: log).map { $0.value?.count } == [largest])
    }
  }
}
