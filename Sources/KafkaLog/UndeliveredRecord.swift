import CRdKafka
import Contract

/// A record that a producer returned because no broker acknowledged it.
struct UndeliveredRecord {
  /// The cause.
  enum Blame {
    /// The contents of this record, or of another one of its batch: the brokers refused them.
    case content
    /// An earlier record: this one was not sent at all.
    case others
    /// Nothing about the records.
    case circumstances
  }

  let topic: Topic
  let partition: Int32
  /// Nil for a record without a key.
  let key: [UInt8]?
  /// Nil for a tombstone.
  let value: [UInt8]?
  let headers: EncodedHeaders
  /// What it was appended with.
  let entry: AppendedRecords.Entry
  let error: rd_kafka_resp_err_t

  var topicPartition: TopicPartition { TopicPartition(topic, partition) }
  /// Bytes of the record's own contents.
  var size: Int { (key?.count ?? 0) + (value?.count ?? 0) + headers.bytes.count }

  /// `report` must be librdkafka's own message: the headers are in memory behind its public fields.
  init(
    _ report: UnsafePointer<rd_kafka_message_t>, topic: Topic, entry: AppendedRecords.Entry,
    error: rd_kafka_resp_err_t
  ) {
    let message = report.pointee
    self.topic = topic
    self.entry = entry
    self.error = error
    partition = message.partition
    key = message.key.map { Array(UnsafeRawBufferPointer(start: $0, count: message.key_len)) }
    headers = EncodedHeaders(RecordHeaders(of: UnsafeMutablePointer(mutating: report)))
    value = message.payload.map { Array(UnsafeRawBufferPointer(start: $0, count: message.len)) }
  }

  /// Calls `body` with what it holds; valid only during the call.
  func withBorrowed<R>(
    _ body: (_ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?, _ headers: RecordHeaders) -> R
  ) -> R {
    func withValue(_ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?) -> R {
      headers.withRecordHeaders { body(key, value, $0) }
    }
    func withKey(_ key: UnsafeRawBufferPointer?) -> R {
      value.map { $0.withUnsafeBytes { withValue(key, $0) } } ?? withValue(key, nil)
    }
    return key.map { $0.withUnsafeBytes { withKey($0) } } ?? withKey(nil)
  }

  var blame: Blame {
    switch error {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
      RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
      RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_MSG:
      .content
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR__FATAL:
      .others
    default: .circumstances
    }
  }
}
