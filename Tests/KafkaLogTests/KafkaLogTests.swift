import Contract
import EventLog
import KafkaLog
import Synchronization
import Testing

@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaLogTests {
  @Test func recordsComeBackAsWritten() throws {
    let log = try Broker.log(partitions: 2)
    let writer = try log.writer()
    let key = Array("k".utf8)
    let value = Array("v".utf8)
    try key.withUnsafeBytes { key in
      try value.withUnsafeBytes { value in
        try writer.append(.customers, partition: 1, key: key, value: value, timestamp: 1_600_000_000_123)
        try writer.append(.customers, partition: 1, key: key, value: nil, timestamp: 1_600_000_000_124)
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        try writer.append(.customers, partition: 1, key: nothing, value: nothing, timestamp: nil)
      }
    }
    try writer.flush()
    let seen = try log.readAll([.customers])
    #expect(seen.map(\.topic) == [.customers, .customers, .customers])
    #expect(seen.map(\.partition) == [1, 1, 1])
    #expect(seen.map(\.offset) == [0, 1, 2])
    #expect(seen.map(\.key) == [key, key, []])
    #expect(seen.map(\.value) == [value, nil, []])
    #expect(seen[0].timestamp == 1_600_000_000_123)
    #expect(seen[1].timestamp == 1_600_000_000_124)
    #expect((seen[2].timestamp ?? 0) > 1_700_000_000_000)
    let partitions = [TopicPartition(.customers, 0), TopicPartition(.customers, 1)]
    #expect(try log.ends(partitions) == [partitions[0]: 0, partitions[1]: 3])
  }

  @Test func readerGoesOnAfterTheEnd() throws {
    let log = try Broker.log(partitions: 1)
    let reader = try log.reader([.customers])
    // An empty log is read at once.
    #expect(try reader.poll(timeout: 0) { _ in })
    try log.append(["late"], to: .customers, partition: 0)
    var seen: [String] = []
    for _ in 0..<100 where seen.isEmpty {
      _ = try reader.poll(timeout: 100) { seen += $0.map { OwnedRecord($0).text } }
    }
    #expect(seen == ["late"])
  }

  @Test func writeThatFailsSurfaces() throws {
    let log = try Broker.log(partitions: 1)
    let writer = try log.writer()
    let error = #expect(throws: LogError.self) {
      try [UInt8](repeating: 1, count: 5_000_000).withUnsafeBytes {
        try writer.append(.customers, partition: 0, key: $0, value: nil, timestamp: nil)
      }
      try writer.flush()
    }
    #expect(error?.code == "MSG_SIZE_TOO_LARGE")
    let other = try log.writer()
    let missing = #expect(throws: LogError.self) {
      try [UInt8](repeating: 1, count: 5).withUnsafeBytes {
        try other.append(.customers, partition: 7, key: $0, value: nil, timestamp: nil)
      }
      try other.flush()
    }
    #expect(missing?.code == "_UNKNOWN_PARTITION")
  }

  @Test func writerHoldsBackWhenItsQueueIsFull() throws {
    let log = try Broker.log(partitions: 1, properties: [("queue.buffering.max.messages", "100")])
    try log.append((0..<2_000).map(String.init), to: .customers, partition: 0)
    #expect(try log.readAll([.customers]).map(\.text) == (0..<2_000).map(String.init))
  }

  @Test func positionsOfUnknownGroupAreNone() throws {
    let log = try Broker.log(partitions: 1)
    #expect(try log.committed([TopicPartition(.customers, 0)], of: Broker.unique("nobody")).isEmpty)
    #expect(try log.committed([], of: Broker.unique("nobody")).isEmpty)
  }

  @Test func joinNeedsTheTopics() throws {
    let log = try Broker.log(partitions: 0)
    let error = #expect(throws: LogError.self) {
      _ = try log.join(
        GroupSpec(name: Broker.unique("g"), topics: [.customers]), as: MemberIdentity(transactionalID: "x"))
    }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("customers") == true)
  }
}
