import EventLog

/// The form of a record's headers in the file: for each, the length and the bytes of its name and of its value,
/// lengths as little-endian 32 bits.
package enum RecordHeaders {
  package static func encode(_ headers: [OutputBatch.Header]) -> [UInt8] {
    var bytes: [UInt8] = []
    func put(_ part: some Collection<UInt8>) {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.count).littleEndian) {
        bytes.append(contentsOf: $0)
      }
      bytes.append(contentsOf: part)
    }
    for header in headers {
      put(header.name.utf8)
      put(header.value)
    }
    return bytes
  }

  /// Nil if `bytes` are not what `encode` makes.
  package static func decode(_ bytes: [UInt8]) -> [OutputBatch.Header]? {
    var rest = bytes[...]
    func take() -> ArraySlice<UInt8>? {
      guard rest.count >= 4 else { return nil }
      let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    var headers: [OutputBatch.Header] = []
    while !rest.isEmpty {
      guard let name = take(), let value = take() else { return nil }
      headers.append((String(decoding: name, as: UTF8.self), Array(value)))
    }
    return headers
  }
}
