import CRdKafka
import Contract
import EventLog
import Glibc

/// Owns a librdkafka list of partitions with offsets.
final class PartitionList {
  private let handle: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

  init() {
    // librdkafka aborts the process when it runs out of memory; it never returns null here.
    handle = rd_kafka_topic_partition_list_new(16)
  }

  convenience init(_ positions: some Sequence<(key: TopicPartition, value: Int64)>, names: TopicNames) {
    self.init()
    for (partition, offset) in positions { add(partition, offset: offset, names: names) }
  }

  convenience init(_ committed: CommittedPositions, names: TopicNames) {
    self.init()
    for (partition, offset) in committed.positions {
      add(partition, offset: offset, note: committed.notes[partition], names: names)
    }
  }

  convenience init(_ partitions: some Sequence<TopicPartition>, offset: Int64, names: TopicNames) {
    self.init()
    for partition in partitions { add(partition, offset: offset, names: names) }
  }

  deinit {
    rd_kafka_topic_partition_list_destroy(handle)
  }

  /// Calls `body` with librdkafka's list, which lives until the call returns.
  func withHandle<R>(_ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> R) -> R {
    withExtendedLifetime(self) { body(handle) }
  }

  func add(_ partition: TopicPartition, offset: Int64, note: String? = nil, names: TopicNames) {
    let element = rd_kafka_topic_partition_list_add(
      handle, names.name(of: partition.topic), partition.partition)
    element?.pointee.offset = offset
    // The list frees it with the allocator that replaces malloc in the whole process.
    guard let note, let copy = strdup(note) else { return }
    element?.pointee.metadata = UnsafeMutableRawPointer(copy)
    element?.pointee.metadata_size = note.utf8.count
  }

  /// Calls `body` for each partition whose topic is one of ours.
  func forEach(
    _ names: TopicNames,
    _ body: (_ partition: TopicPartition, _ offset: Int64, _ error: rd_kafka_resp_err_t) -> Void
  ) {
    withHandle { $0.pointee.forEach(names, body) }
  }

  /// The metadata of each partition that has any and whose topic is one of ours.
  func notes(_ names: TopicNames) -> [TopicPartition: String] {
    var notes: [TopicPartition: String] = [:]
    withHandle { list in
      for element in UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)) {
        guard let topic = names.topic(named: String(cString: element.topic)), let metadata = element.metadata,
          element.metadata_size > 0
        else { continue }
        let bytes = UnsafeRawBufferPointer(start: metadata, count: element.metadata_size)
        notes[TopicPartition(topic, element.partition)] = String(decoding: bytes, as: UTF8.self)
      }
    }
    return notes
  }
}

extension rd_kafka_topic_partition_list_t {
  func forEach(
    _ names: TopicNames,
    _ body: (_ partition: TopicPartition, _ offset: Int64, _ error: rd_kafka_resp_err_t) -> Void
  ) {
    for element in UnsafeBufferPointer(start: elems, count: Int(cnt)) {
      guard let topic = names.topic(named: String(cString: element.topic)) else { continue }
      body(TopicPartition(topic, element.partition), element.offset, element.err)
    }
  }
}
