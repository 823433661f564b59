import CRdKafka
import EventLog
import Testing

/// A producer with a transaction that it has begun and does not end.
final class OpenTransaction {
  private let client: OpaquePointer

  /// Writes one record to partition 0 of a topic, by its full name.
  init(writing text: String, to topic: String) throws {
    let conf = try #require(rd_kafka_conf_new())
    var message = [CChar](repeating: 0, count: 512)
    for (name, value) in [
      ("bootstrap.servers", Broker.address ?? ""), ("transactional.id", Broker.unique("open")),
      ("transaction.timeout.ms", "60000"),
    ] {
      try #require(rd_kafka_conf_set(conf, name, value, &message, message.count) == RD_KAFKA_CONF_OK)
    }
    client = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, conf, &message, message.count))
    try #require(rd_kafka_init_transactions(client, 30_000) == nil)
    try #require(rd_kafka_begin_transaction(client) == nil)
    let handle = try #require(rd_kafka_topic_new(client, topic, nil))
    defer { rd_kafka_topic_destroy(handle) }
    let outcome = Array(text.utf8).withUnsafeBytes {
      crdkafka_produce(client, handle, 0, nil, 0, $0.baseAddress, $0.count, 0, nil, nil)
    }
    try #require(outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
    try #require(rd_kafka_flush(client, 30_000) == RD_KAFKA_RESP_ERR_NO_ERROR)
  }

  func abort() throws { try #require(rd_kafka_abort_transaction(client, 30_000) == nil) }

  deinit { rd_kafka_destroy(client) }
}
