import CRdKafka
import Contract
import Glibc

extension RecordHeaders {
  /// The headers of a message, which librdkafka parses on first access; valid as long as the message.
  @inline(__always)
  init(of message: UnsafeMutablePointer<rd_kafka_message_t>) {
    self.init(UnsafeRawPointer(message), nextHeader)
  }

  /// A copy for a record that is to be produced, which takes ownership of it, with `last` appended; nil if there are none.
  func native(and last: Header?) -> OpaquePointer? {
    var native: OpaquePointer?
    func add(_ header: BorrowedHeader) {
      native = native ?? rd_kafka_headers_new(8)
      // librdkafka takes a null address for a null value.
      withUnsafePointer(to: CChar(0)) { nothing in
        _ = rd_kafka_header_add(
          native, header.name.baseAddress?.assumingMemoryBound(to: CChar.self) ?? nothing, header.name.count,
          header.value.map { $0.baseAddress ?? UnsafeRawPointer(nothing) }, header.value?.count ?? 0)
      }
    }
    for header in self { add(header) }
    last?.withBorrowed(add)
    return native
  }
}

/// `RecordHeaders.Next` of a message; the cursor is the header's index.
private func nextHeader(
  _ source: UnsafeRawPointer, _ cursor: UnsafeMutablePointer<Int>,
  _ name: UnsafeMutablePointer<UnsafeRawPointer?>, _ nameCount: UnsafeMutablePointer<Int>,
  _ value: UnsafeMutablePointer<UnsafeRawPointer?>, _ valueCount: UnsafeMutablePointer<Int>
) -> Bool {
  let message = source.assumingMemoryBound(to: rd_kafka_message_t.self)
  var headers: OpaquePointer?
  // Fails for a record without headers, and if the headers cannot be parsed.
  guard rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR else { return false }
  var text: UnsafePointer<CChar>?
  guard
    rd_kafka_header_get_all(headers, cursor.pointee, &text, value, valueCount) == RD_KAFKA_RESP_ERR_NO_ERROR
  else { return false }
  cursor.pointee += 1
  name.pointee = UnsafeRawPointer(text)
  nameCount.pointee = text.map { strlen($0) } ?? 0
  return true
}
