import CRdKafka
import EventLog
import Testing

/// A producer with a transaction that it has begun and does not end.
final class OpenTransaction: @unchecked Sendable {
  private let client: OpaquePointer

  /// Writes one record to partition 0 of a topic, by its full name.
  init(writing text: String, to topic: String, id: String = Broker.unique("open")) throws {
    let conf = try #require(rd_kafka_conf_new())
    var message = [CChar](repeating: 0, count: 512)
    for (name, value) in [
      ("bootstrap.servers", Broker.address ?? ""), ("transactional.id", id),
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
      crdkafka_produce(client, handle, 0, $0.baseAddress, $0.count, $0.baseAddress, $0.count, 0, nil, nil)
    }
    try #require(outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
    try #require(rd_kafka_flush(client, 30_000) == RD_KAFKA_RESP_ERR_NO_ERROR)
  }

  /// Adds a position in partition 1 of a topic, by its full name, that a group is to commit.
  func commit(_ position: Int64, of topic: String, for group: String) throws {
    let list = try #require(rd_kafka_topic_partition_list_new(1))
    defer { rd_kafka_topic_partition_list_destroy(list) }
    rd_kafka_topic_partition_list_add(list, topic, 1).pointee.offset = position
    let metadata = try #require(rd_kafka_consumer_group_metadata_new(group))
    defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
    try #require(rd_kafka_send_offsets_to_transaction(client, list, metadata, 30_000) == nil)
  }

  func abort() throws { try #require(rd_kafka_abort_transaction(client, 30_000) == nil) }

  deinit { rd_kafka_destroy(client) }
}
