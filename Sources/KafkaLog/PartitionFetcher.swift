import CRdKafka
import Contract
import EventLog

/// Fetches partitions from given offsets, outside of any group. One thread owns it.
final class PartitionFetcher: PartitionReader {
  private let client: Client
  private let handles: TopicHandles
  private let names: TopicNames
  private let queue: OpaquePointer
  private var started: [(topic: OpaquePointer, partition: Int32)] = []
  private let batch = MessageBatch(capacity: 10_000)
  private var records = RecordBuffer(capacity: 10_000)
  private(set) var positions: Positions

  init(
    _ positions: Positions, configuration: Configuration, names: TopicNames,
    log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    self.positions = positions
    self.names = names
    let conf = try configuration.clientConfiguration(
      defaults: ConsumerSettings.defaults, required: ConsumerSettings.required)
    client = try Client(RD_KAFKA_CONSUMER, conf: conf, log: log)
    let topics = Set(positions.keys.map(\.topic)).sorted { $0.rawValue < $1.rawValue }
    handles = try TopicHandles(topics, names: names, of: client)
    // Queried by this client, which would otherwise wait half a second before it looks for the leaders again.
    _ = try client.partitionCounts(of: topics, names: names)
    queue = rd_kafka_queue_new(client.handle)
    for (partition, offset) in positions {
      guard let topic = handles.handle(of: partition.topic) else { continue }
      guard rd_kafka_consume_start_queue(topic, partition.partition, offset, queue) == 0 else {
        throw LogError(rd_kafka_last_error(), doing: "starting to read \(names.name(of: partition))")
      }
      started.append((topic, partition.partition))
    }
  }

  deinit {
    batch.clear()
    for (topic, partition) in started { rd_kafka_consume_stop(topic, partition) }
    rd_kafka_queue_destroy(queue)
    records.deallocate()
  }

  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) {
    rd_kafka_poll(client.handle, 0)
    defer { batch.clear() }
    try batch.fill(from: queue, timeout: timeout)
    var records = records
    records.clear()
    var failure: LogError?
    var unknown: [TopicPartition] = []
    // Messages come in runs of one partition.
    var run: (handle: OpaquePointer, partition: TopicPartition, next: Int64)?
    batch.forEach { message in
      guard let handle = message.pointee.rkt else { return }
      if handle != run?.handle || message.pointee.partition != run?.partition.partition {
        if let run { positions[run.partition] = run.next }
        run = handles.topic(of: handle).map {
          let partition = TopicPartition($0, message.pointee.partition)
          return (handle, partition, positions[partition] ?? 0)
        }
      }
      guard let partition = run?.partition else { return }
      switch message.pointee.err {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        records.append(message, topic: partition.topic)
        run?.next = message.pointee.offset + 1
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        run?.next = message.pointee.offset
      case let error where error.isPassing:
        break
      case let error where error.saysUnknown:
        unknown.append(partition)
      case let error:
        let reason = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? error.name
        failure = failure ?? LogError(error, "reading \(names.name(of: partition)): \(reason)")
      }
    }
    if let run { positions[run.partition] = run.next }
    self.records = records
    if records.count > 0 { body(records.buffer) }
    if let failure { throw failure }
    if !unknown.isEmpty { try client.requireExistence(of: unknown, names: names) }
    if let fatal = client.events.fatal { throw fatal }
  }
}
