import CRdKafka
import Contract
import EventLog
import KafkaLog
import Testing

/// The first request to a partition fails, and those behind it, in flight already, succeed (KAFKA-15591). No real broker
/// does that at will.
@Suite(.timeLimit(.minutes(10)))
struct OvertakenRequestTests {
  private static let records = (0..<40).map(String.init)
  /// A request for each record.
  private static let properties = [("batch.num.messages", "1"), ("linger.ms", "0")]

  @Test func aWriterLosesNothing() throws {
    let cluster = try MockCluster([Topic.usageActions.name], partitions: 1)
    let log = try KafkaLog(
      bootstrapServers: cluster.address, properties: Self.properties, topicPrefix: "", log: { _ in },
      warn: { _ in })
    cluster.failNextProduce()
    try log.append(Self.records, to: .usageActions, partition: 0)
    #expect(try log.readAll([.usageActions]).map(\.text) == Self.records)
  }

  /// As a transaction's are, which has several requests in flight.
  @Test func aRecordThatIsNowhereIsNotTakenForDelivered() throws {
    var lost = 0
    for _ in 0..<10 {
      let (delivered, failed, written) = try produceOvertaken()
      #expect(delivered == written)
      #expect(delivered + failed == Self.records.count)
      lost += failed
    }
    #expect(lost > 0, "no request was overtaken")
  }

  /// Writes all records; returns how many of them count as delivered and as failed, and how many are in the log.
  private func produceOvertaken() throws -> (delivered: Int, failed: Int, written: Int) {
    let cluster = try MockCluster(["t"], partitions: 1)
    let events = ClientEvents(log: { _ in })
    let conf = try #require(rd_kafka_conf_new())
    var message = [CChar](repeating: 0, count: 512)
    let more = [("bootstrap.servers", cluster.address), ("enable.idempotence", "true")]
    for (name, value) in Self.properties + more {
      try #require(rd_kafka_conf_set(conf, name, value, &message, message.count) == RD_KAFKA_CONF_OK)
    }
    events.register(in: conf)
    let client = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, conf, &message, message.count))
    defer { withExtendedLifetime(events) { rd_kafka_destroy(client) } }
    let topic = try #require(rd_kafka_topic_new(client, "t", nil))
    defer { rd_kafka_topic_destroy(topic) }
    cluster.failNextProduce()
    for record in Self.records {
      let outcome = Array(record.utf8).withUnsafeBytes {
        crdkafka_produce(client, topic, 0, nil, 0, $0.baseAddress, $0.count, 0, nil, nil)
      }
      try #require(outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
    }
    try #require(rd_kafka_flush(client, 30_000) == RD_KAFKA_RESP_ERR_NO_ERROR)
    var (low, high): (Int64, Int64) = (0, 0)
    let asked = rd_kafka_query_watermark_offsets(client, "t", 0, &low, &high, 30_000)
    try #require(asked == RD_KAFKA_RESP_ERR_NO_ERROR)
    return (events.delivered, events.failed, Int(high))
  }
}
