extension Message {
  /// Reads a message from protobuf, as Google's parsers do: unknown fields are ignored, the last one of several values
  /// wins, submessages are merged. Throws for malformed bytes, text that is not UTF-8, and a timestamp out of range.
  /// Borrowed text points into `bytes`. Errors count their offset from `origin`, or else from the first byte. O(bytes) for
  /// fields in the order of their numbers.
  @inlinable
  public init(
    protobuf bytes: UnsafeRawBufferPointer, origin: UnsafeRawPointer? = nil
  ) throws(DecodingError) {
    self.init()
    var decoder = ProtobufDecoder(bytes, origin: origin)
    try decoder.merge(into: &self)
  }

  /// Appends the message as protobuf, in the one canonical form.
  @inlinable
  public func encode(into bytes: inout [UInt8]) {
    var encoder = ProtobufEncoder()
    // Moved, not copied.
    swap(&encoder.bytes, &bytes)
    var fields = self
    fields.visitFields(&encoder)
    swap(&encoder.bytes, &bytes)
  }

  /// The message as protobuf.
  @inlinable
  public var protobuf: [UInt8] {
    var bytes: [UInt8] = []
    encode(into: &bytes)
    return bytes
  }
}
