import CRdKafka
import CRdKafkaMock
import Testing

/// librdkafka's own broker in memory, which can be told to fail a request. It takes any sequence number, as a real one does
/// from a producer that it does not know.
final class MockCluster: @unchecked Sendable {
  private let client: OpaquePointer
  private let cluster: OpaquePointer

  init(_ topics: [String], partitions: Int32) throws {
    var message = [CChar](repeating: 0, count: 512)
    client = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), &message, message.count))
    cluster = try #require(rd_kafka_mock_cluster_new(client, 1))
    for topic in topics { rd_kafka_mock_topic_create(cluster, topic, partitions, 1) }
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(client)
  }

  var address: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

  /// As while the only broker of a partition restarts.
  func setHasLeader(_ hasLeader: Bool, _ topic: String, _ partition: Int32) {
    rd_kafka_mock_partition_set_leader(cluster, topic, partition, hasLeader ? 1 : -1)
  }

  /// The next request to write finds that its broker does not lead the partition.
  func failNextProduce() {
    let produce: Int16 = 0
    var errors = [RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION]
    rd_kafka_mock_push_request_errors_array(cluster, produce, errors.count, &errors)
  }
}
