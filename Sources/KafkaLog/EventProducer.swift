import CRdKafka
import Contract
import EventLog

/// A producer for events from outside that returns the records it could not deliver. One thread owns it.
final class EventProducer {
  private let client: Client
  private let topics: TopicHandles
  private var appended = AppendedRecords()
  private var undelivered: [UndeliveredRecord] = []

  init(
    defaults: [(name: String, value: String)], required: [(name: String, value: String)],
    configuration: Configuration, names: TopicNames, log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    // With several requests in flight, the first one to a partition may be overtaken and lost (see `ClientEvents`).
    let conf = try configuration.clientConfiguration(
      defaults: [("compression.type", "lz4"), ("batch.num.messages", "100000")] + defaults,
      required: [("acks", "all"), ("max.in.flight", "1")] + required)
    client = try Client(RD_KAFKA_PRODUCER, conf: conf) { line in
      // The producer's owner reports why it failed, and whether that matters.
      if !line.hasSuffix("(FATAL)") { log(line) }
    }
    // Added on demand: a handle of a missing topic may make brokers create it.
    topics = try TopicHandles([], names: names, of: client)
    client.events.reported = { [weak self] report, error in self?.take(report, error) }
  }

  private func take(_ message: UnsafePointer<rd_kafka_message_t>, _ error: rd_kafka_resp_err_t?) {
    let entry = appended.remove(Int(bitPattern: message.pointee._private))
    guard let error, let topic = message.pointee.rkt.flatMap(topics.topic(of:)) else { return }
    undelivered.append(UndeliveredRecord(message, topic: topic, entry: entry, error: error))
  }

  /// Copies a record into the queue; waits while the queue is full. Returns `_FATAL` if the producer is no longer usable.
  func produce(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    headers: RecordHeaders, _ entry: AppendedRecords.Entry
  ) throws(LogError) -> rd_kafka_resp_err_t {
    let handle = if let known = topics.handle(of: topic) { known } else { try topics.add(topic) }
    let number = appended.add(entry)
    // A full queue drains, or its records time out, so this deadline only bounds the worst case.
    let error = client.produce(
      to: handle, partition: partition, key: key, value: value, timestamp: entry.timestamp, headers: headers,
      opaque: number, deadline: Deadline(in: 600_000))
    if error != RD_KAFKA_RESP_ERR_NO_ERROR { _ = appended.remove(number) }
    return error
  }

  /// The same for a record that was returned.
  func produce(_ record: UndeliveredRecord) throws(LogError) -> rd_kafka_resp_err_t {
    let outcome: Result<rd_kafka_resp_err_t, LogError> = record.withBorrowed { key, value, headers in
      Result { () throws(LogError) in
        try produce(
          record.topic, partition: record.partition, key: key, value: value, headers: headers, record.entry)
      }
    }
    return try outcome.get()
  }

  /// Processes the delivery reports that have arrived.
  func poll() { rd_kafka_poll(client.handle, 0) }

  /// Returns when each record is acknowledged or was returned.
  func drain() {
    // Terminates, since each record is acknowledged or times out (message.timeout.ms).
    while rd_kafka_flush(client.handle, 1_000) != RD_KAFKA_RESP_ERR_NO_ERROR {
      // Nothing in the queue will be sent any more.
      if client.fatalError != nil { rd_kafka_purge(client.handle, RD_KAFKA_PURGE_F_QUEUE) }
    }
  }

  var hasUndelivered: Bool { !undelivered.isEmpty }

  /// Why records were not delivered, if the reason is not their contents.
  var hindrance: rd_kafka_resp_err_t? { undelivered.first { $0.blame == .circumstances }?.error }

  /// Takes the returned records, in the order in which they were first appended.
  func takeUndelivered() -> [UndeliveredRecord] {
    defer { undelivered = [] }
    // A stable sort, since purged records may be reported before refused ones.
    return undelivered.sorted { $0.entry.tag < $1.entry.tag }
  }

  var fatalError: LogError? { client.fatalError }

  /// The topics that were written to, for messages.
  var topicNames: String { topics.description }
}
