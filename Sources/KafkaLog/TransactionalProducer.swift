import CRdKafka
import Contract
import EventLog
import Platform

/// A producer with a transactional id. One thread owns it.
final class TransactionalProducer {
  /// The outcome of a transaction.
  enum Outcome {
    case committed
    /// Nothing of it is visible, and this producer must be replaced: initializing the new one ends the transaction, if it
    /// is still open.
    case abandoned(LogError)
    /// It may have been committed; this producer must be replaced, and the log then shows the outcome.
    case unknown(LogError)
    case fatal(LogError)
  }

  private let client: Client
  private let topics: TopicHandles
  private let limits: [Topic: TopicLimits]
  /// Milliseconds.
  private let timeout: Int

  /// Fences the former producer with the same id and ends its transaction. Throws a `retriable` error if the brokers do not
  /// respond in time.
  init(
    id: String, writing outputs: [Topic], configuration: Configuration, names: TopicNames,
    limits: [Topic: TopicLimits],
    log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    self.limits = limits
    let batchSize = TopicLimits.batchSize(limits.values, configuration)
    let conf = try configuration.clientConfiguration(
      defaults: Self.defaults,
      required: [
        ("transactional.id", id), ("enable.idempotence", "true"), ("batch.size", String(batchSize)),
      ])
    timeout = configuration.integer("transaction.timeout.ms") ?? Self.defaultTimeout
    client = try Client(RD_KAFKA_PRODUCER, conf: conf, log: log)
    topics = try TopicHandles(outputs, names: names, of: client)
    let deadline = Deadline.request
    while let failure = KafkaFailure(rd_kafka_init_transactions(client.handle, deadline.remaining)) {
      guard failure.isRetriable, !deadline.hasPassed else {
        throw failure.logError(doing: "initializing transactions of \"\(id)\"")
      }
    }
  }

  /// Serves callbacks that are due.
  func poll() {
    rd_kafka_poll(client.handle, 0)
  }

  /// Writes `outputs` and commits `positions` for the group in one transaction.
  func run(_ outputs: OutputBatch, positions: PartitionList, group: GroupMetadata) -> Outcome {
    let deadline = Deadline(in: timeout)
    client.events.resetDeliveries()
    if let failure = KafkaFailure(rd_kafka_begin_transaction(client.handle)) {
      return giveUp(failure.logError(doing: "beginning a transaction"))
    }
    do {
      try write(outputs, deadline)
      try send(positions, group, deadline)
      try awaitDeliveries(of: outputs.count, deadline)
    } catch {
      if error.kind == .fatal { return giveUp(error) }
      return abort(because: error.kind == .unusable ? error : denial(of: outputs) ?? error)
    }
    return commit(deadline: Deadline(in: timeout))
  }

  private func write(_ outputs: OutputBatch, _ deadline: Deadline) throws(LogError) {
    let now = Clock.now
    func write(_ record: OutputRecord) throws(LogError) {
      guard let handle = topics.handle(of: record.topic) else {
        throw LogError(
          .unusable, code: "_UNKNOWN_TOPIC", "\(record.topic.name) is not a topic that this program writes to"
        )
      }
      let (timestamp, header) = time(of: record, now: now)
      let error = client.produce(
        to: handle, partition: record.partition, key: record.key, value: record.value, timestamp: timestamp,
        headers: record.headers, lastHeader: header, deadline: deadline)
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
        throw client.fatalError
          ?? LogError(error, doing: "writing to \(topics.name(of: record.topic))-\(record.partition)")
      }
    }
    try outputs.forEach(write)
  }

  /// The timestamp to produce a record with, 0 for now; one that the topic would refuse or replace goes into a header.
  private func time(of record: OutputRecord, now: Int64) -> (timestamp: Int64, header: Header?) {
    guard let timestamp = record.timestamp else { return (0, nil) }
    if (limits[record.topic] ?? TopicLimits()).keep(timestamp: timestamp, now: now) {
      return (timestamp, nil)
    }
    return (0, Header("timestamp", String(timestamp).utf8))
  }

  private func send(_ positions: PartitionList, _ group: GroupMetadata, _ deadline: Deadline) throws(LogError)
  {
    while let failure = KafkaFailure(
      positions.withHandle {
        rd_kafka_send_offsets_to_transaction(client.handle, $0, group.handle, deadline.remaining)
      })
    {
      guard failure.isRetriable, !deadline.hasPassed else {
        throw failure.logError(doing: "adding offsets to the transaction")
      }
    }
  }

  /// Each record must be acknowledged before the commit is attempted.
  private func awaitDeliveries(of count: Int, _ deadline: Deadline) throws(LogError) {
    let flushed = rd_kafka_flush(client.handle, deadline.remaining)
    if let fatal = client.fatalError { throw fatal }
    if let failure = client.events.firstFailure {
      throw LogError(failure, doing: "writing \(client.events.failed) of \(count) records")
    }
    guard flushed == RD_KAFKA_RESP_ERR_NO_ERROR, client.events.delivered == count else {
      throw LogError(
        .retriable, code: RD_KAFKA_RESP_ERR__TIMED_OUT.name,
        "\(client.events.delivered) of \(count) records were acknowledged in time")
    }
  }

  /// Why the transaction failed, if that needs an operator: librdkafka reports the cause when another transaction is begun,
  /// while each record fails only with its consequence (`_PURGE_QUEUE`).
  private func denial(of outputs: OutputBatch) -> LogError? {
    guard let cause = KafkaFailure(rd_kafka_begin_transaction(client.handle)),
      LogError.Kind(cause.code) == .unusable
    else { return nil }
    let written = Topic.ofGeneration.filter { outputs.count(of: $0) > 0 }.map(topics.name(of:))
    return cause.logError(doing: "writing to \(written.joined(separator: ", "))")
  }

  private func commit(deadline: Deadline) -> Outcome {
    let what = "committing a transaction"
    // Not the infinite timeout that librdkafka recommends: without a broker it would wait forever.
    while let failure = KafkaFailure(rd_kafka_commit_transaction(client.handle, deadline.remaining)) {
      if failure.isFatal {
        let error = failure.logError(doing: what)
        return error.isFencing ? .fatal(error) : .unknown(error)
      }
      if failure.requiresAbort { return abort(because: failure.logError(doing: what)) }
      guard failure.isRetriable, !deadline.hasPassed else { return .unknown(failure.logError(doing: what)) }
    }
    return .committed
  }

  /// Aborts the transaction, and ends this producer's life. In its next transaction librdkafka (2.15 too) would reuse the
  /// sequence numbers of records that it considers not sent. If one of them was sent, the broker considers the next record
  /// a duplicate of it and acknowledges the one of the aborted transaction: the epoch of a new producer tells the two
  /// apart. It also shuts out requests of the aborted transaction that are still in flight (KIP-890).
  private func abort(because error: LogError) -> Outcome {
    let deadline = Deadline(in: timeout)
    while let failure = KafkaFailure(rd_kafka_abort_transaction(client.handle, deadline.remaining)) {
      if failure.isFatal { return giveUp(failure.logError(doing: "aborting a transaction after: \(error)")) }
      guard failure.isRetriable, !deadline.hasPassed else { break }
    }
    return .abandoned(error)
  }

  /// No commit was sent. Only a fenced producer must not be replaced: another member has its id.
  private func giveUp(_ error: LogError) -> Outcome {
    error.isFencing ? .fatal(error) : .abandoned(error)
  }

  /// Below the 15 minutes that brokers allow, so that a transaction that a dead member left open does not hold up readers
  /// for long.
  private static let defaultTimeout = 10_000

  private static let defaults: [(name: String, value: String)] = [
    ("transaction.timeout.ms", String(defaultTimeout)),
    ("message.max.bytes", String(Topic.largestRejected)),
    ("compression.type", "lz4"),
    ("linger.ms", "5"),
    ("batch.num.messages", "100000"),
    ("queue.buffering.max.messages", "1000000"),
    ("queue.buffering.max.kbytes", "262144"),
    ("retry.backoff.ms", "50"),
  ]
}

extension Client {
  /// The fatal error that librdkafka has raised, if any.
  var fatalError: LogError? {
    events.noteFatal(of: handle)
    return events.fatal
  }
}
