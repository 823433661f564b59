import CRdKafka
import Contract
import EventLog
import Glibc
import KafkaLog
import Synchronization
import Testing

@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaTopicsTests {
  private let prefix = Broker.unique("t") + "."

  @Test func topicsAreMadeOnceAndChecked() throws {
    let warnings = Mutex<[String]>([])
    let log = try Broker.log(
      partitions: 3, prefix: prefix, warn: { line in warnings.withLock { $0.append(line) } })
    try log.createTopics(partitions: 3)
    #expect(
      try log.checkTopics(Topic.allCases) == Dictionary(uniqueKeysWithValues: Topic.allCases.map { ($0, 3) }))
    #expect(warnings.withLock { $0 } == [])
    let error = #expect(throws: LogError.self) { try log.createTopics(partitions: 4) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("\(prefix)usage-actions exists with 3 partitions, not 4") == true)
  }

  @Test func missingTopicIsNamed() throws {
    let log = try Broker.log(partitions: 0, prefix: prefix)
    for attempt in [{ try log.checkTopics([.partners]) }, { try log.partitionCounts(of: [.partners]) }] {
      let error = #expect(throws: LogError.self) { try attempt() }
      #expect(error?.kind == .unusable)
      #expect(error?.isMissingTopic == true)
      #expect(error?.message.contains("\(prefix)partners") == true)
    }
  }

  @Test(arguments: [(Topic.usageActions, "compact"), (.partnerPartials, "delete")])
  func wrongCleanupPolicyIsAnError(topic: Topic, policy: String) throws {
    try create(topic, settings: [("cleanup.policy", policy)])
    let log = try Broker.log(partitions: 0, prefix: prefix)
    for attempt in [{ _ = try log.checkTopics([topic]) }, { try log.createTopics(partitions: 2) }] {
      let error = #expect(throws: LogError.self) { try attempt() }
      #expect(error?.kind == .unusable)
      #expect(error?.message.contains("\(prefix)\(topic.name) has cleanup.policy \(policy)") == true)
    }
    // Who only reads asks for no setting.
    #expect(try log.partitionCounts(of: [topic]) == [topic: 2])
    // Nothing was made next to it.
    #expect(throws: LogError.self) { try log.checkTopics([.billingLines]) }
  }

  @Test func finiteRetentionOfInputIsAWarning() throws {
    try create(.examPasses, settings: [("retention.ms", "1000000"), ("retention.bytes", "-1")])
    let warnings = Mutex<[String]>([])
    let log = try Broker.log(
      partitions: 0, prefix: prefix, warn: { line in warnings.withLock { $0.append(line) } })
    #expect(try log.checkTopics([.examPasses]) == [.examPasses: 2])
    #expect(warnings.withLock { $0.count } == 1)
    #expect(warnings.withLock { $0.first?.contains("\(prefix)exam-passes has retention.ms 1000000") } == true)
  }

  @Test func inputsBoundTheTimeOfRecordsUnlessTheyHaveTheBrokers() throws {
    try create(
      .customers,
      settings: [
        ("message.timestamp.after.max.ms", "86400000"), ("retention.ms", "-1"), ("retention.bytes", "-1"),
      ])
    try create(
      .partners,
      settings: [
        ("message.timestamp.type", "LogAppendTime"), ("message.timestamp.after.max.ms", "86400000"),
        ("retention.ms", "-1"), ("retention.bytes", "-1"),
      ])
    let warnings = Mutex<[String]>([])
    let log = try Broker.log(
      partitions: 0, prefix: prefix, warn: { line in warnings.withLock { $0.append(line) } })
    _ = try log.checkTopics([.customers, .partners])
    #expect(warnings.withLock { $0.count } == 1)
    let warning = try #require(warnings.withLock { $0.first })
    #expect(
      warning.contains(
        "\(prefix)customers has message.timestamp.after.max.ms 86400000, should have 3600000"))
  }

  /// What brokers answer that are older than Kafka 3.6, or know only a bound for past and future.
  @Test(
    arguments: [
      ([:], true), (["message.timestamp.difference.max.ms": "9223372036854775807"], true),
      (["message.timestamp.difference.max.ms": "3600000"], false),
      (["message.timestamp.after.max.ms": "3600000"], false),
      (["message.timestamp.after.max.ms": "9223372036854775807"], true),
    ] as [([String: String], Bool)])
  func theBoundOfRecordTimesMayBeMissing(settings: [String: String], isWarnedOf: Bool) {
    #expect((Topic.instances.warning(about: settings) != nil) == isWarnedOf)
    #expect(Topic.rejectedEvents.warning(about: settings) == nil)
  }

  @Test func aSettingThatBrokersDoNotKnowIsLeftOut() throws {
    let warnings = Mutex<[String]>([])
    let log = try Broker.log(
      partitions: 0, prefix: prefix, warn: { line in warnings.withLock { $0.append(line) } })
    let topic = NewTopic(
      name: prefix + Topic.partners.name, partitions: 2,
      settings: [("retention.ms", "1234567"), ("no.such.setting", "1")])
    #expect(throws: LogError.self) { try log.create([topic], orWithout: "another.setting") }
    #expect(warnings.withLock { $0 } == [])
    try log.create([topic], orWithout: "no.such.setting")
    #expect(warnings.withLock { $0.first?.contains("no.such.setting") } == true)
    #expect(try Broker.onceKnown { try log.checkTopics([.partners]) } == [.partners: 2])
    #expect(warnings.withLock { $0.last?.contains("retention.ms 1234567") } == true)
  }

  @Test func partialsThatForgetTooSoonAreAWarning() throws {
    try create(
      .partnerPartials, settings: [("cleanup.policy", "compact"), ("delete.retention.ms", "3600000")])
    let warnings = Mutex<[String]>([])
    let log = try Broker.log(
      partitions: 0, prefix: prefix, warn: { line in warnings.withLock { $0.append(line) } })
    #expect(try log.checkTopics([.partnerPartials]) == [.partnerPartials: 2])
    let warning = try #require(warnings.withLock { $0.first })
    #expect(warning.contains("\(prefix)partner-partials has min.compaction.lag.ms 0, should have 604800000"))
    #expect(warning.contains("has delete.retention.ms 3600000, should have 315360000000"))
  }

  private func create(_ topic: Topic, settings: [(String, String)]) throws {
    try Broker.create(topic, prefix: prefix, partitions: 2, settings: settings)
  }
}

extension Broker {
  /// Makes one topic with settings that are not ours.
  static func create(
    _ topic: Topic, prefix: String, partitions: Int32, settings: [(String, String)]
  ) throws {
    let conf = rd_kafka_conf_new()
    rd_kafka_conf_set(conf, "bootstrap.servers", address, nil, 0)
    let client = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, conf, nil, 0))
    defer { rd_kafka_destroy(client) }
    var request = rd_kafka_NewTopic_new(prefix + topic.name, partitions, -1, nil, 0)
    for (name, value) in settings { rd_kafka_NewTopic_set_config(request, name, value) }
    let queue = rd_kafka_queue_new(client)
    rd_kafka_CreateTopics(client, &request, 1, nil, queue)
    let event = try #require(rd_kafka_queue_poll(queue, 30_000))
    #expect(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_event_destroy(event)
    rd_kafka_queue_destroy(queue)
    rd_kafka_NewTopic_destroy(request)
    let log = try Broker.log(partitions: 0, prefix: prefix)
    _ = try onceKnown { try log.ends([TopicPartition(topic, partitions - 1)]) }
  }

  /// The brokers' metadata lags behind the controller's answer.
  static func onceKnown<Answer>(_ ask: () throws -> Answer) throws -> Answer {
    let deadline = ContinuousClock.now + .seconds(10)
    while true {
      do {
        return try ask()
      } catch {
        guard ContinuousClock.now < deadline else { throw error }
        usleep(20_000)
      }
    }
  }
}
