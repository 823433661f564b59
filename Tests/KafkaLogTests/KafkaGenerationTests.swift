import Contract
import EventLog
import KafkaLog
import Testing

@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaGenerationTests {
  private let prefix = Broker.unique("t") + "."
  private let first: KafkaLog
  private let second: KafkaLog

  init() throws {
    first = try Broker.log(partitions: 2, prefix: prefix)
    second = try KafkaLog(
      bootstrapServers: Broker.address ?? "", topicPrefix: prefix, generation: Generation.first.next,
      log: { _ in })
    try second.createTopics(Topic.outputs, partitions: 2)
  }

  @Test func inputsAreSharedAndOutputsAreNot() throws {
    for topic in [Topic.customers, .indicatorScales, .generations] {
      try first.append(["first"], to: topic, partition: 0)
      try second.append(["second"], to: topic, partition: 0)
    }
    #expect(try first.readAll([.customers]) == second.readAll([.customers]))
    #expect(try first.readAll([.generations]).map(\.text) == ["first", "second"])
    #expect(try first.readAll([.indicatorScales]).map(\.text) == ["first"])
    #expect(try second.readAll([.indicatorScales]).map(\.text) == ["second"])
  }

  @Test func topicsAreDeleted() throws {
    for _ in 1...2 { try second.deleteTopics(Topic.outputs) }
    // The controller answers before the brokers know.
    let end = ContinuousClock.now + .seconds(30)
    while .now < end, (try? second.checkTopics([.rejectedEvents])) != nil {}
    let error = #expect(throws: LogError.self) { try second.checkTopics([.rejectedEvents]) }
    #expect(error?.isMissingTopic == true)
    #expect(error?.message.contains("\(prefix)rejected-events.2") == true)
    #expect(try first.checkTopics([.rejectedEvents]) == [.rejectedEvents: 2])
  }

  @Test func groupsAreForgottenOnceNobodyIsInThem() throws {
    let group = prefix + "g"
    try first.append(["a"], to: .partners, partition: 0)
    let member = try second.join(
      GroupSpec(name: group, topics: [.partners]), as: MemberIdentity(transactionalID: group))
    let tracker = Tracker([.partners])
    tracker.member = member
    while tracker.records.isEmpty { try member.poll(timeout: 100, tracker) }
    let place = TopicPartition(.partners, 0)
    guard case .committed = member.commit(OutputBatch(), positions: [place: 1]) else {
      throw LogError(.fatal, code: "TEST", "not committed")
    }
    let error = #expect(throws: LogError.self) { try second.deleteGroups([group + "-other", group]) }
    #expect(error?.kind == .unusable)
    member.close(tracker)
    for _ in 1...2 { try second.deleteGroups([group + "-other", group]) }
    #expect(try first.committed([place], of: group) == [:])
  }

  @Test func aReaderTellsOfTheEndAnew() throws {
    try first.append(["a"], to: .partners, partition: 0)
    let reader = try first.reader([.partners])
    var values: [String] = []
    func read() throws {
      while try !reader.poll(timeout: 100, { values += $0.map { OwnedRecord($0).text } }) {}
    }
    try read()
    try first.append(["b"], to: .partners, partition: 1)
    try reader.awaitEnd()
    try read()
    #expect(values == ["a", "b"])
    try reader.awaitEnd()
    #expect(try reader.poll(timeout: 0) { _ in })
  }
}
