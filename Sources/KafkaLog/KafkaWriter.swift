import CRdKafka
import Contract
import EventLog

/// An idempotent producer for events from outside. One thread owns it.
final class KafkaWriter: LogWriter {
  private let client: Client
  private let topics: TopicHandles
  private var appended = 0

  init(
    configuration: Configuration, names: TopicNames, log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    let conf = try configuration.clientConfiguration(
      defaults: [
        ("compression.type", "lz4"), ("linger.ms", "10"), ("batch.num.messages", "100000"),
        ("queue.buffering.max.messages", "1000000"), ("queue.buffering.max.kbytes", "262144"),
      ],
      // With several requests in flight, the first one to a partition may be overtaken and lost (see `ClientEvents`).
      required: [("enable.idempotence", "true"), ("max.in.flight", "1")])
    client = try Client(RD_KAFKA_PRODUCER, conf: conf, log: log)
    // Added when needed: with a handle of a topic that is missing, brokers may be asked to make it.
    topics = try TopicHandles([], names: names, of: client)
  }

  func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?,
    timestamp: Int64?
  ) throws(LogError) {
    let handle = if let known = topics.handle(of: topic) { known } else { try topics.add(topic) }
    // A full queue drains or its records time out, so this is only a bound for the worst case.
    let error = client.produce(
      to: handle, partition: partition, key: key, value: value, timestamp: timestamp ?? 0,
      deadline: Deadline(in: 600_000))
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw failure(error, doing: "record")
    }
    appended += 1
    if appended % 1_000 == 0 { rd_kafka_poll(client.handle, 0) }
    try throwFailure()
  }

  func flush() throws(LogError) {
    // Ends: each record is acknowledged or times out (message.timeout.ms).
    while rd_kafka_flush(client.handle, 1_000) != RD_KAFKA_RESP_ERR_NO_ERROR {
      if client.fatalError != nil { throw failure(RD_KAFKA_RESP_ERR__FATAL, doing: "records") }
    }
    try throwFailure()
  }

  private func throwFailure() throws(LogError) {
    guard let failure = client.events.firstFailure else { return }
    throw self.failure(failure, doing: "\(client.events.failed) records")
  }

  /// Names the topics, since what is denied need not name them.
  private func failure(_ code: rd_kafka_resp_err_t, doing what: String) -> LogError {
    let doing = "writing \(what) to \(topics.description)"
    guard let fatal = client.fatalError else { return LogError(code, doing: doing) }
    return LogError(fatal.kind, code: fatal.code, "\(doing): \(fatal.message)")
  }
}
