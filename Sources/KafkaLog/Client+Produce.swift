import CRdKafka
import Contract
import EventLog

extension Client {
  /// Copies a record into the producer's queue; waits while the queue is full. Returns `_QUEUE_FULL` only after `deadline`.
  /// A timestamp of 0 means now; `opaque` comes back in the delivery report. `lastHeader` is appended to `headers`.
  func produce(
    to topic: OpaquePointer, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64 = 0, headers: RecordHeaders = .none, lastHeader: Header? = nil, opaque: Int = 0,
    deadline: Deadline
  ) -> rd_kafka_resp_err_t {
    while true {
      let native = headers.native(and: lastHeader)
      let error = withUnsafePointer(to: UInt8(0)) { nothing in
        // An empty buffer may have a null address, which librdkafka would take for a missing key or a tombstone.
        let empty = UnsafeRawPointer(nothing)
        return crdkafka_produce(
          handle, topic, partition, key.map { $0.baseAddress ?? empty }, key?.count ?? 0,
          value.map { $0.baseAddress ?? empty }, value?.count ?? 0, timestamp, native,
          UnsafeMutableRawPointer(bitPattern: opaque))
      }
      if error != RD_KAFKA_RESP_ERR_NO_ERROR, let native { rd_kafka_headers_destroy(native) }
      guard error == RD_KAFKA_RESP_ERR__QUEUE_FULL, !deadline.hasPassed else { return error }
      rd_kafka_poll(handle, min(deadline.remaining, 100))
    }
  }
}
