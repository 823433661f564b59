import CRdKafka
import Contract
import EventLog

/// Writes batches that brokers refused in ever smaller parts, until the records that caused the refusal are isolated.
final class BatchSplitter {
  private let producer: EventProducer
  private let refuse: (UndeliveredRecord) -> Void
  private var hasRefused = false
  /// In bytes: a batch size that brokers accept, if a batch was refused for its size although they accept each of its
  /// records.
  private(set) var sizeThatFits: Int?

  /// `refuse` is called with each record that caused a refusal.
  init(_ producer: EventProducer, refuse: @escaping (UndeliveredRecord) -> Void) {
    self.producer = producer
    self.refuse = refuse
  }

  /// A producer that sends what it holds as one batch for each partition when it is drained, and continues after a failure.
  /// It is not idempotent, since each failure would use up one of its few epochs: if a response is lost, a record may be in
  /// the log twice, which changes no result.
  static func producer(
    _ configuration: Configuration, _ names: TopicNames, _ log: @escaping @Sendable (String) -> Void
  ) throws(LogError) -> EventProducer {
    try EventProducer(
      defaults: [],
      // A record must not time out before its batch is sent.
      required: [
        ("enable.idempotence", "false"), ("linger.ms", "60000"), ("message.timeout.ms", "300000"),
      ],
      configuration: configuration, names: names, log: log)
  }

  /// Writes the records of refused batches in order, one record of each partition at a time.
  func write(_ records: [UndeliveredRecord]) throws(LogError) {
    var batches: [TopicPartition: [UndeliveredRecord]] = [:]
    for record in records { batches[record.topicPartition, default: []].append(record) }
    for batch in batches.values.sorted(by: { $0[0].entry.tag < $1[0].entry.tag }) {
      hasRefused = false
      try split(batch)
      if !hasRefused, batch[0].error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE {
        let size = max(1, batch.reduce(0) { $0 + $1.size } / 2)
        sizeThatFits = min(size, sizeThatFits ?? size)
      }
    }
  }

  /// Writes the parts of a refused batch. Needs O(p log n) requests if p of n records cause the refusal, and O(n) at most.
  private func split(_ batch: [UndeliveredRecord]) throws(LogError) {
    guard batch.count > 1 else {
      hasRefused = true
      return refuse(batch[0])
    }
    let partSize = (batch.count + Self.parts - 1) / Self.parts
    for start in stride(from: 0, to: batch.count, by: partSize) {
      for record in batch[start..<min(start + partSize, batch.count)] {
        let error = try producer.produce(record)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(error, doing: "writing records") }
      }
      producer.drain()
      let back = producer.takeUndelivered()
      if let other = back.first(where: { $0.blame != .content }) {
        throw LogError(other.error, doing: "writing \(back.count) records")
      }
      if !back.isEmpty { try split(back) }
    }
  }

  /// With eight parts, a single bad record is found in few requests, and if all are bad it takes hardly more than one
  /// request each.
  private static let parts = 8
}

extension UndeliveredRecord {
  /// Why the brokers refuse this record.
  var refusal: LogError {
    switch error {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
      RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
      LogError(
        error, "the record is too large for the topic's limit max.message.bytes: it has \(size) bytes"
      )
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
      LogError(error, "the record's timestamp is further from the brokers' clock than the topic allows")
    default: LogError(error, doing: "the brokers refused the record")
    }
  }
}
