import CRdKafka
import Contract
import EventLog

extension Client {
  /// The partition count of a topic, nil if there is no such topic.
  func partitionCount(of topic: Topic, names: TopicNames) throws(LogError) -> Int32? {
    let name = names.name(of: topic)
    let deadline = Deadline.request
    // One request per topic, since a request for all topics of a shared cluster could return many thousands.
    guard let handle = rd_kafka_topic_new(self.handle, name, nil) else {
      throw LogError(rd_kafka_last_error(), doing: "topic \(name)")
    }
    defer { rd_kafka_topic_destroy(handle) }
    while true {
      var metadata: UnsafePointer<rd_kafka_metadata>?
      var error = rd_kafka_metadata(self.handle, 0, handle, &metadata, deadline.remaining)
      if error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata {
        defer { rd_kafka_metadata_destroy(metadata) }
        let found = metadata.pointee.topic_cnt > 0 ? metadata.pointee.topics?.pointee : nil
        error = found?.err ?? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
        if error == RD_KAFKA_RESP_ERR_NO_ERROR, let found { return found.partition_cnt }
        if error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART { return nil }
      }
      guard LogError.Kind(error) == .retriable, !deadline.hasPassed else {
        throw LogError(error, doing: "querying topic \(name)")
      }
      Deadline.pause()
    }
  }

  /// The partition count of each topic. Throws an `unusable` error that names a topic that does not exist.
  func partitionCounts(of topics: [Topic], names: TopicNames) throws(LogError) -> [Topic: Int32] {
    var counts: [Topic: Int32] = [:]
    for topic in topics {
      guard let count = try partitionCount(of: topic, names: names) else {
        throw LogError(
          .unusable, code: RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.name,
          "topic \(names.name(of: topic)) does not exist; create it with `topics create`")
      }
      counts[topic] = count
    }
    return counts
  }

  /// Throws an `unusable` error that names a partition that does not exist. For errors that say so of one that has no known
  /// leader too, as while its broker restarts.
  func requireExistence(of partitions: [TopicPartition], names: TopicNames) throws(LogError) {
    let counts = try partitionCounts(of: Array(Set(partitions.map(\.topic))), names: names)
    for partition in partitions where partition.partition >= counts[partition.topic] ?? 0 {
      throw LogError(
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, "partition \(names.name(of: partition)) does not exist")
    }
  }
}
