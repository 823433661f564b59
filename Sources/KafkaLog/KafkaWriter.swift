import CRdKafka
import Contract
import EventLog

/// Writes events from outside by an idempotent producer, which is replaced when brokers refuse a batch. One thread owns it.
///
/// Brokers refuse a batch as a whole, and the producer then stops permanently before it sends anything else: librdkafka's
/// gapless guarantee. The order within each partition is thus kept: first the refused batch is written in parts, until the
/// records that caused the refusal are isolated; then a new producer continues with all that was not sent.
final class KafkaWriter: LogWriter {
  private let configuration: Configuration
  private let names: TopicNames
  private let log: @Sendable (String) -> Void
  private let refused: RefusalHandler?
  private var producer: EventProducer
  private var appended = 0

  init(
    configuration: Configuration, names: TopicNames, log: @escaping @Sendable (String) -> Void,
    refused: RefusalHandler?
  ) throws(LogError) {
    self.configuration = configuration
    self.names = names
    self.log = log
    self.refused = refused
    producer = try Self.producer(configuration, names, log, canRefuse: refused != nil, batchSize: nil)
  }

  /// `batchSize` is in bytes; nil for librdkafka's default or the user's setting.
  private static func producer(
    _ configuration: Configuration, _ names: TopicNames, _ log: @escaping @Sendable (String) -> Void,
    canRefuse: Bool, batchSize: Int?
  ) throws(LogError) -> EventProducer {
    try EventProducer(
      defaults: [
        ("linger.ms", "10"), ("queue.buffering.max.kbytes", "262144"),
        // All that is in the queue when a batch is refused must be queued again.
        ("queue.buffering.max.messages", canRefuse ? "100000" : "1000000"),
      ],
      required: [("enable.idempotence", "true"), ("enable.gapless.guarantee", "true")]
        + (batchSize.map { [("batch.size", String($0))] } ?? []),
      configuration: configuration, names: names, log: log)
  }

  func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, headers: RecordHeaders, tag: Int
  ) throws(LogError) {
    while true {
      let error = try producer.produce(
        topic, partition: partition, key: key, value: value, headers: headers,
        AppendedRecords.Entry(tag: tag, timestamp: timestamp ?? 0))
      switch error {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        appended += 1
        if appended % 1_000 == 0 { producer.poll() }
        if producer.hasUndelivered { try recover() }
        return
      case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        return try refuse(
          tag,
          LogError(
            error,
            "the record is too large for the producer's limit message.max.bytes: "
              + "it has \((key?.count ?? 0) + (value?.count ?? 0)) bytes"))
      case RD_KAFKA_RESP_ERR__FATAL: try recover()
      default: throw failure(error, "a record")
      }
    }
  }

  func flush() throws(LogError) {
    producer.drain()
    while producer.hasUndelivered {
      try recover()
      producer.drain()
    }
  }

  private func refuse(_ tag: Int, _ reason: LogError) throws(LogError) {
    guard let refused else { throw reason }
    refused(RefusedRecord(tag: tag, reason: reason))
  }

  /// Writes the returned records, except those that caused the refusal, and continues with a new producer. Throws if they
  /// were returned for another reason than their contents.
  private func recover() throws(LogError) {
    var waiting: [UndeliveredRecord] = []
    repeat {
      // Before waiting for all others, which may then take long.
      if let hindrance = producer.hindrance { throw failure(hindrance, "records") }
      producer.drain()
      let back = producer.takeUndelivered()
      if let trouble = trouble(back) { throw trouble }
      let splitter = BatchSplitter(try BatchSplitter.producer(configuration, names, log)) { [refused] in
        refused?(RefusedRecord(tag: $0.entry.tag, reason: $0.refusal))
      }
      try splitter.write(back.filter { $0.blame == .content })
      waiting = back.filter { $0.blame != .content } + waiting
      producer = try Self.producer(
        configuration, names, log, canRefuse: true, batchSize: splitter.sizeThatFits)
      waiting.removeFirst(try resend(waiting))
    } while !waiting.isEmpty || producer.hasUndelivered
  }

  /// The error among the returned records that ends the work of this writer, if there is one.
  private func trouble(_ back: [UndeliveredRecord]) -> LogError? {
    let refusedOne = back.first { $0.blame == .content }
    let cause = back.first { $0.blame == .circumstances } ?? (refused == nil ? refusedOne : nil)
    if let cause { return failure(cause.error, "\(back.count) records") }
    if refusedOne != nil { return nil }
    return failure(RD_KAFKA_RESP_ERR__FATAL, "records")
  }

  /// Returns how many records the producer took before it failed.
  private func resend(_ records: [UndeliveredRecord]) throws(LogError) -> Int {
    for (index, record) in records.enumerated() {
      let error = try producer.produce(record)
      if error == RD_KAFKA_RESP_ERR__FATAL { return index }
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw failure(error, "records") }
    }
    return records.count
  }

  /// Names the topics, since a denial need not name them. A fatal error of the producer says less than the errors of its
  /// records.
  private func failure(_ code: rd_kafka_resp_err_t, _ what: String) -> LogError {
    let doing = "writing \(what) to \(producer.topicNames)"
    guard code == RD_KAFKA_RESP_ERR__FATAL, let fatal = producer.fatalError else {
      return LogError(code, doing: doing)
    }
    return LogError(fatal.kind, code: fatal.code, "\(doing): \(fatal.message)")
  }
}
