import CRdKafka
import Contract
import EventLog

/// Writes batches that brokers refused in ever smaller parts, until the records that are to blame stand alone.
final class BatchSplitter {
  private let producer: EventProducer
  private let refuse: (UndeliveredRecord) -> Void
  private var hasRefused = false
  /// In bytes, if a batch was refused for its size although each of its records is taken: a smaller one.
  private(set) var sizeThatFits: Int?

  /// `refuse` gets each record that is to blame.
  init(_ producer: EventProducer, refuse: @escaping (UndeliveredRecord) -> Void) {
    self.producer = producer
    self.refuse = refuse
  }

  /// A producer that sends what it holds as one batch for each partition when it is drained, and goes on after a failure.
  /// Not idempotent, since it would count each failure and has only so many numbers for them: where an answer is lost, a
  /// record may be in the log twice, which changes no result.
  static func producer(
    _ configuration: Configuration, _ names: TopicNames, _ log: @escaping @Sendable (String) -> Void
  ) throws(LogError) -> EventProducer {
    try EventProducer(
      defaults: [],
      // A record may not time out before its batch is due.
      required: [
        ("enable.idempotence", "false"), ("linger.ms", "60000"), ("message.timeout.ms", "300000"),
      ],
      configuration: configuration, names: names, log: log)
  }

  /// Writes records of refused batches, one of each partition, in their order.
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

  /// Writes the parts of a batch that was refused. O(p log n) requests for p of n records that are to blame, O(n) at most.
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

  /// With eight of them, one record to blame is found in few requests, and where all are it takes hardly more than one each.
  private static let parts = 8
}

extension UndeliveredRecord {
  /// Why the brokers do not take this record.
  var refusal: LogError {
    switch error {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
      RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
      LogError(
        error, "the record is too large for the topic's limit max.message.bytes: it has \(size) bytes"
      )
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
      LogError(error, "the record's timestamp is further from the brokers' clock than the topic allows")
    default: LogError(error, doing: "the brokers rejected the record")
    }
  }
}
