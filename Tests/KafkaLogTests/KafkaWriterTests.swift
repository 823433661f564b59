import CRdKafka
import Contract
import EventLog
import Foundation
import KafkaLog
import Synchronization
import Testing

/// What becomes of records that brokers do not take, and of those beside them.
@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaWriterTests {
  private let prefix = Broker.unique("t") + "."
  private let now = Int64(Date().timeIntervalSince1970 * 1000)
  private var tooFarAhead: Int64 { now + 2 * RecordTimeBound.ahead }

  /// Appends records with the tags 0, 1, … to the partitions in turn; returns the tags of those that were refused, and the
  /// codes of the reasons.
  private func write(
    _ records: [(value: String, timestamp: Int64)], to log: KafkaLog, partitions: Int32 = 3
  ) throws -> (tags: [Int], codes: Set<String>) {
    var refused: [RefusedRecord] = []
    let writer = try log.writer { refused.append($0) }
    for (tag, record) in records.enumerated() {
      try Array(record.value.utf8).withUnsafeBytes { bytes in
        let outcome = EncodedHeaders([Header("h", bytes)]).withRecordHeaders { headers in
          Result { () throws(LogError) in
            try writer.append(
              .customers, partition: Int32(tag) % partitions, key: bytes, value: bytes,
              timestamp: record.timestamp, headers: headers, tag: tag)
          }
        }
        try outcome.get()
      }
    }
    try writer.flush()
    return (refused.map(\.tag), Set(refused.map(\.reason.code)))
  }

  /// Checks that all but `refused` are there, once each and in the order of their partition.
  private func expect(
    _ log: KafkaLog, has records: [(value: String, timestamp: Int64)], but refused: Set<Int>,
    partitions: Int32 = 3
  ) throws {
    let seen = try log.readAll([.customers])
    for partition in 0..<partitions {
      let wanted = records.indices.filter { Int32($0) % partitions == partition && !refused.contains($0) }
      let found = seen.filter { $0.partition == partition }
      #expect(found.map(\.text) == wanted.map { records[$0].value }, "partition \(partition)")
      #expect(found.map(\.headers) == wanted.map { [Header("h", records[$0].value.utf8)] })
      #expect(found.map(\.timestamp) == wanted.map { records[$0].timestamp }, "partition \(partition)")
    }
  }

  /// With the shorter queue, appending waits while the producer has failed already.
  @Test(arguments: ["100000", "50"])
  func recordsAheadOfTimeAreRefusedAloneAndTheOrderStays(queue: String) throws {
    let log = try Broker.log(
      partitions: 3, properties: [("queue.buffering.max.messages", queue)], prefix: prefix)
    let bad: Set<Int> = [0, 7, 8, 500, 501, 502, 1_300, 2_999]
    let records = (0..<3_000).map { number in
      (value: "record \(number)", timestamp: bad.contains(number) ? tooFarAhead : now - Int64(number))
    }
    let refused = try write(records, to: log)
    #expect(Set(refused.tags) == bad)
    #expect(refused.tags.count == bad.count)
    #expect(refused.codes == ["INVALID_TIMESTAMP"])
    try expect(log, has: records, but: bad)
  }

  // Holds REL-38.
  @Test func allMayBeRefused() throws {
    // Shorter than what the records of a refused batch may have to wait to be sent as one batch.
    let log = try Broker.log(partitions: 1, properties: [("message.timeout.ms", "5000")], prefix: prefix)
    let records = (0..<100).map { (value: "record \($0)", timestamp: tooFarAhead) }
    #expect(try write(records, to: log, partitions: 1).tags == Array(0..<100))
    #expect(try log.readAll([.customers]).isEmpty)
  }

  /// Here a batch is too large though each of its records is not.
  @Test func aTopicsOwnLimitRefusesOnlyWhatIsLarger() throws {
    try create([("max.message.bytes", "3000"), ("compression.type", "producer")])
    let log = try Broker.log(partitions: 0, properties: [("compression.type", "none")], prefix: prefix)
    let bad: Set<Int> = [40, 41, 777]
    let records = (0..<1_000).map { number in
      (
        value: "record \(number) " + String(repeating: "x", count: bad.contains(number) ? 2_000 : 200),
        timestamp: now
      )
    }
    let refused = try write(records, to: log, partitions: 2)
    #expect(Set(refused.tags) == bad)
    #expect(refused.codes == ["MSG_SIZE_TOO_LARGE"])
    try expect(log, has: records, but: bad, partitions: 2)
  }

  @Test func whatTheProducerDoesNotTakeIsRefused() throws {
    let log = try Broker.log(partitions: 1, properties: [("message.max.bytes", "5000")], prefix: prefix)
    let records = [10, 6_000, 10].map { (value: String(repeating: "x", count: $0), timestamp: now) }
    let refused = try write(records, to: log, partitions: 1)
    #expect(refused.tags == [1])
    #expect(refused.codes == ["MSG_SIZE_TOO_LARGE"])
    try expect(log, has: records, but: [1], partitions: 1)
  }

  @Test func withoutAHandlerARefusalIsAnError() throws {
    let log = try Broker.log(partitions: 1, prefix: prefix)
    let writer = try log.writer()
    try [UInt8]([1]).withUnsafeBytes {
      try writer.append(.customers, partition: 0, key: $0, value: $0, timestamp: tooFarAhead)
    }
    let error = #expect(throws: LogError.self) { try writer.flush() }
    #expect(error?.code == "INVALID_TIMESTAMP")
  }

  /// What no record is to blame for ends the work, though somebody hears of refusals.
  @Test func aBrokerThatIsGoneIsNoRefusal() throws {
    let log = try KafkaLog(
      bootstrapServers: "127.0.0.1:1", properties: [("message.timeout.ms", "1000")], log: { _ in })
    let writer = try log.writer { Issue.record("refused: \($0)") }
    let error = #expect(throws: LogError.self) {
      try [UInt8]([1]).withUnsafeBytes {
        try writer.append(.customers, partition: 0, key: $0, value: $0, timestamp: now)
      }
      try writer.flush()
    }
    #expect(error?.code == "_MSG_TIMED_OUT")
  }

  private func create(_ settings: [(name: String, value: String)]) throws {
    let log = try Broker.log(partitions: 0, prefix: prefix)
    try log.create(
      [NewTopic(name: prefix + Topic.customers.name, partitions: 2, settings: settings)], orWithout: "none")
  }
}
