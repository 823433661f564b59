import CRdKafka
import Contract
import EventLog
import KafkaLog
import Randomness
import Testing

@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaMemberReadTests {
  private func join(
    _ log: KafkaLog, topics: [Topic], startFromBeginning: Bool = true
  ) throws -> (any GroupMember, Tracker) {
    let tracker = Tracker(topics)
    tracker.startFromBeginning = startFromBeginning
    let group = Broker.unique("g")
    let member = try log.join(
      GroupSpec(name: group, topics: topics), as: MemberIdentity(transactionalID: group))
    tracker.member = member
    return (member, tracker)
  }

  @Test(arguments: ["cooperative-sticky", "roundrobin"])
  func repositioningUnderLoad(assignor: String) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let log = try Broker.log(partitions: 3, properties: [("partition.assignment.strategy", assignor)])
    let count: Int64 = 20_000
    for partition in Int32(0)..<3 {
      try log.append((0..<count).map(String.init), to: .usageActions, partition: partition)
    }
    let (member, tracker) = try join(log, topics: [.usageActions])
    // Offsets of a topic without transactions have no gaps, so each next one is known.
    var next: [Int32: Int64] = [0: 0, 1: 0, 2: 0]
    var wrong = 0
    var seen = 0
    tracker.onReceived = { records in
      for record in records {
        if record.offset != next[record.partition] { wrong += 1 }
        next[record.partition] = record.offset + 1
        seen += 1
      }
    }
    #expect(try member.poll(tracker) { tracker.tasks.count == 3 })
    for _ in 0..<200 {
      for partition in Int32(0)..<3 where Bool.random(using: &random) {
        let offset = Int64.random(in: 0..<count, using: &random)
        next[partition] = offset
        try member.read(from: [TopicPartition(.usageActions, partition): offset])
      }
      for _ in 0..<Int.random(in: 1..<4, using: &random) { try member.poll(timeout: 5, tracker) }
    }
    #expect(try member.poll(tracker) { next.values.allSatisfy { $0 == count } }, "seed \(seed)")
    #expect(wrong == 0, "seed \(seed)")
    #expect(seen > 0)
    member.close(tracker)
  }

  @Test(arguments: ["cooperative-sticky", "range"])
  func nothingIsReadThatNobodyAskedFor(assignor: String) throws {
    let log = try Broker.log(partitions: 2, properties: [("partition.assignment.strategy", assignor)])
    for partition in Int32(0)..<2 { try log.append(["a", "b"], to: .usageActions, partition: partition) }
    let (member, tracker) = try join(log, topics: [.usageActions, .customers], startFromBeginning: false)
    #expect(try member.poll(tracker) { tracker.tasks.count == 2 })
    for _ in 0..<20 { try member.poll(timeout: 20, tracker) }
    #expect(tracker.records.isEmpty)
    #expect(tracker.ends.isEmpty)
    try member.read(from: [TopicPartition(.usageActions, 1): 1])
    #expect(try member.poll(tracker) { !tracker.ends.isEmpty })
    #expect(tracker.records.map(\.text) == ["b"])
    try member.read(from: [TopicPartition(.usageActions, 0): 0, TopicPartition(.customers, 0): 0])
    #expect(try member.poll(tracker) { tracker.ends.count == 3 })
    #expect(tracker.records.map(\.text) == ["b", "a", "b"])
    #expect(throws: LogError.self) { try member.read(from: [TopicPartition(.usageActions, 2): 0]) }
    #expect(throws: LogError.self) { try member.read(from: [TopicPartition(.instances, 0): 0]) }
    member.close(tracker)
  }

  @Test func endIsReachedOverTransactionMarkersAndAbortedRecords() throws {
    let log = try Broker.log(partitions: 1)
    let (writer, writerTracker) = try join(log, topics: [.usageActions])
    #expect(try writer.poll(writerTracker) { writerTracker.tasks == [0] })
    let source = TopicPartition(.usageActions, 0)
    let target = TopicPartition(.partnerPartials, 0)
    for round in Int64(1)...3 {
      let batch = outputs(["\(round)a", "\(round)b"], to: .partnerPartials, partition: 0)
      #expect(writer.commit(batch, positions: [source: round]).isCommitted)
    }
    var refused = outputs((0..<2_000).map(String.init), to: .partnerPartials, partition: 0)
    refused.append(.partnerPartials, partition: 0, key: [1], value: [UInt8](repeating: 7, count: 4_000_000))
    #expect(writer.commit(refused, positions: [source: 9]).isAborted)
    let (member, tracker) = try join(log, topics: [.partnerPartials])
    // Six records and three markers, and what the aborted transaction left.
    #expect(try member.poll(tracker) { (tracker.ends[target] ?? 0) >= 9 && tracker.records.count == 6 })
    #expect(try member.poll(tracker) { (try? log.ends([target])) == [target: tracker.ends[target] ?? -1] })
    #expect(tracker.records.map(\.text) == ["1a", "1b", "2a", "2b", "3a", "3b"])
    #expect(try log.readAll([.partnerPartials]).count == 6)
    member.close(tracker)
    writer.close(writerTracker)
  }

  // Holds REL-10.
  @Test func historyThatIsGoneIsAnError() throws {
    let prefix = Broker.unique("t") + "."
    let log = try Broker.log(partitions: 1, prefix: prefix)
    try log.append((0..<10).map(String.init), to: .usageActions, partition: 0)
    try deleteRecords(of: prefix + "usage-actions", before: 4)
    let partition = TopicPartition(.usageActions, 0)
    let (member, tracker) = try join(log, topics: [.usageActions], startFromBeginning: false)
    #expect(try member.poll(tracker) { !tracker.tasks.isEmpty })
    #expect(try member.beginnings([partition]) == [partition: 4])
    try member.read(from: [partition: 4])
    #expect(try member.poll(tracker) { tracker.records.count == 6 })
    try member.read(from: [partition: 2])
    let error = #expect(throws: LogError.self) { try member.poll(tracker) { false } }
    #expect(error?.kind == .unusable)
    #expect(
      error?.message.contains("offset 2 of \(prefix)usage-actions-0") == true, "\(String(describing: error))")
    #expect(tracker.records.count == 6)
    member.close(tracker)
  }

  @Test func positionPastTheEndIsAnError() throws {
    let log = try Broker.log(partitions: 1)
    let (member, tracker) = try join(log, topics: [.usageActions], startFromBeginning: false)
    #expect(try member.poll(tracker) { !tracker.tasks.isEmpty })
    try member.read(from: [TopicPartition(.usageActions, 0): 100])
    let error = #expect(throws: LogError.self) { try member.poll(tracker) { false } }
    #expect(error?.kind == .unusable)
    member.close(tracker)
  }

  /// Deletes what retention would.
  private func deleteRecords(of topic: String, before offset: Int64) throws {
    let conf = rd_kafka_conf_new()
    rd_kafka_conf_set(conf, "bootstrap.servers", Broker.address, nil, 0)
    let client = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, conf, nil, 0))
    defer { rd_kafka_destroy(client) }
    let list = rd_kafka_topic_partition_list_new(1)
    rd_kafka_topic_partition_list_add(list, topic, 0)?.pointee.offset = offset
    var request = rd_kafka_DeleteRecords_new(list)
    let queue = rd_kafka_queue_new(client)
    rd_kafka_DeleteRecords(client, &request, 1, nil, queue)
    let event = try #require(rd_kafka_queue_poll(queue, 30_000))
    #expect(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_event_destroy(event)
    rd_kafka_queue_destroy(queue)
    rd_kafka_DeleteRecords_destroy(request)
    rd_kafka_topic_partition_list_destroy(list)
  }
}
