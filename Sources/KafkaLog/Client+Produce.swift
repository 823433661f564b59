import CRdKafka
import EventLog

extension Client {
  /// Copies a record into the producer's queue; waits while that is full. Returns `_QUEUE_FULL` only after
  /// `deadline`. A timestamp of 0 means now; the delivery report has `opaque`.
  func produce(
    to topic: OpaquePointer, partition: Int32, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?,
    timestamp: Int64 = 0, headers: [OutputBatch.Header] = [], opaque: Int = 0, deadline: Deadline
  ) -> rd_kafka_resp_err_t {
    while true {
      let native = Self.native(headers)
      let error = withUnsafePointer(to: UInt8(0)) { nothing in
        // An empty buffer may have no address, but to librdkafka no address means no key and a tombstone.
        let empty = UnsafeRawPointer(nothing)
        return crdkafka_produce(
          handle, topic, partition, key.baseAddress ?? empty, key.count,
          value.map { $0.baseAddress ?? empty }, value?.count ?? 0, timestamp, native,
          UnsafeMutableRawPointer(bitPattern: opaque))
      }
      if error != RD_KAFKA_RESP_ERR_NO_ERROR, let native { rd_kafka_headers_destroy(native) }
      guard error == RD_KAFKA_RESP_ERR__QUEUE_FULL, !deadline.hasPassed else { return error }
      rd_kafka_poll(handle, min(deadline.remaining, 100))
    }
  }

  private static func native(_ headers: [OutputBatch.Header]) -> OpaquePointer? {
    guard !headers.isEmpty else { return nil }
    let native = rd_kafka_headers_new(headers.count)
    for (name, value) in headers {
      value.withUnsafeBytes { _ = rd_kafka_header_add(native, name, -1, $0.baseAddress, $0.count) }
    }
    return native
  }
}
