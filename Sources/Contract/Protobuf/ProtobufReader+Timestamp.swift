extension ProtobufReader {
  /// Reads a google.protobuf.Timestamp over what earlier occurrences of the field said; does not judge it.
  @inlinable
  mutating func timestamp(over earlier: Timestamp) throws(DecodingError) -> Timestamp {
    var time = earlier
    var inner = ProtobufReader(try bytes(), origin: start)
    try inner.nextField()
    while inner.number != 0 {
      switch (inner.number, inner.wireType) {
      case (1, WireType.varint.rawValue): time.seconds = Int64(wireBits: try inner.varint())
      case (2, WireType.varint.rawValue): time.nanos = Int32(wireBits: try inner.varint())
      default: try inner.skipField()
      }
      try inner.nextField()
    }
    return time
  }
}
