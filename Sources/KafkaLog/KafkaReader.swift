import CRdKafka
import Contract
import EventLog

/// Reads all partitions of its topics, outside of any group. One thread owns it.
final class KafkaReader: LogReader {
  private let client: Client
  private let handles: TopicHandles
  private let queue: OpaquePointer
  private var started: [(topic: OpaquePointer, partition: Int32)] = []
  private let query: Client
  private let names: TopicNames
  private let partitions: [TopicPartition]
  /// Where it has read to, as far as it has read.
  private var positions: Positions = [:]
  /// The partitions that are not read up to the end that was asked for last, and those ends.
  private var awaited: Positions
  private let batch = MessageBatch(capacity: 10_000)
  private let records = RecordBuffer(capacity: 10_000)

  init(
    _ topics: [Topic], from start: ReadStart, configuration: Configuration, names: TopicNames, query: Client,
    log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    let conf = try configuration.clientConfiguration(
      defaults: ConsumerSettings.defaults, required: ConsumerSettings.required)
    client = try Client(RD_KAFKA_CONSUMER, conf: conf, log: log)
    handles = try TopicHandles(topics, names: names, of: client)
    // Asked of this client, which else waits for half a second before it looks for the leaders again.
    let counts = try client.partitionCounts(of: topics, names: names)
    partitions = topics.flatMap { topic in (0..<(counts[topic] ?? 0)).map { TopicPartition(topic, $0) } }
    let ends = try query.offsets(.end, of: partitions, names: names)
    self.query = query
    self.names = names
    awaited = ends.filter { $0.value > 0 }
    if start == .end {
      positions = ends
      awaited = [:]
    }
    queue = rd_kafka_queue_new(client.handle)
    for partition in partitions {
      guard let topic = handles.handle(of: partition.topic) else { continue }
      let first = start == .beginning ? Int64(RD_KAFKA_OFFSET_BEGINNING) : ends[partition] ?? 0
      let failed = rd_kafka_consume_start_queue(topic, partition.partition, first, queue)
      guard failed == 0 else {
        throw LogError(rd_kafka_last_error(), doing: "starting to read \(names.name(of: partition))")
      }
      started.append((topic, partition.partition))
    }
  }

  deinit {
    batch.clear()
    for (topic, partition) in started { rd_kafka_consume_stop(topic, partition) }
    rd_kafka_queue_destroy(queue)
  }

  func awaitEnd() throws(LogError) {
    awaited = try query.offsets(.end, of: partitions, names: names).filter {
      $0.value > positions[$0.key] ?? 0
    }
  }

  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) -> Bool {
    rd_kafka_poll(client.handle, 0)
    defer { batch.clear() }
    try batch.fill(from: queue, timeout: timeout)
    records.clear()
    var failure: LogError?
    for index in 0..<batch.count {
      guard let message = batch[index], let topic = message.pointee.rkt.flatMap(handles.topic(of:)) else {
        continue
      }
      let partition = TopicPartition(topic, message.pointee.partition)
      switch message.pointee.err {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        records.append(message, topic: topic)
        note(partition, next: message.pointee.offset + 1)
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        note(partition, next: message.pointee.offset)
      case let error where error.isPassing:
        break
      case let error:
        let reason = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? error.name
        failure = failure ?? LogError(error, "reading \(names.name(of: partition)): \(reason)")
      }
    }
    if records.count > 0 { body(records.buffer) }
    if let failure { throw failure }
    if let fatal = client.events.fatal { throw fatal }
    return awaited.isEmpty
  }

  private func note(_ partition: TopicPartition, next: Int64) {
    positions[partition] = next
    guard !awaited.isEmpty, let end = awaited[partition], next >= end else { return }
    awaited[partition] = nil
  }
}
