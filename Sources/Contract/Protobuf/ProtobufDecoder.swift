/// Reads a message from protobuf.
///
/// The cursor stands at a field and the message's declaration passes by, so that fields in the usual order take one
/// pass; whatever a pass leaves is an unknown field, or starts the next pass.
@usableFromInline
struct ProtobufDecoder: FieldVisitor {
  @usableFromInline typealias Failure = DecodingError
  @usableFromInline var reader: ProtobufReader
  /// A bit for each field number below 64 whose timestamp, as merged so far, is out of range.
  @usableFromInline var invalidTimestamps: UInt64 = 0

  @inlinable
  init(_ bytes: UnsafeRawBufferPointer, origin: UnsafeRawPointer?) {
    reader = ProtobufReader(bytes, origin: origin)
  }

  /// Reads all fields into `message`, over those that it has.
  @inlinable @inline(__always)
  mutating func merge<M: Message>(into message: inout M) throws(DecodingError) {
    try reader.nextField()
    while reader.number != 0 {
      let before = reader.position
      try message.visitFields(&self)
      if reader.position == before, reader.number != 0 {
        try reader.skipField()
        try reader.nextField()
      }
    }
    guard invalidTimestamps == 0 else { throw reader.error(.timestampOutOfRange) }
  }

  /// Whether the cursor stands at field `number` laid out as `wireType`; skips it if it is laid out otherwise, which
  /// makes it an unknown field.
  @inlinable @inline(__always)
  mutating func isAt(_ number: Int, _ wireType: WireType) throws(DecodingError) -> Bool {
    while reader.number == number {
      if reader.wireType == wireType.rawValue { return true }
      try reader.skipField()
      try reader.nextField()
    }
    return false
  }

  @inlinable @inline(__always)
  mutating func wireBits(_ wireType: WireType) throws(DecodingError) -> UInt64 {
    wireType == .fixed64 ? try reader.fixed64() : try reader.varint()
  }

  @inlinable @inline(__always)
  mutating func field<S: ScalarField>(
    _ number: Int, _ name: StaticString, _ value: inout S
  ) throws(DecodingError) {
    while try isAt(number, S.wireType) {
      value = S(wireBits: try wireBits(S.wireType))
      try reader.nextField()
    }
  }

  @inlinable @inline(__always)
  mutating func field<S: ScalarField>(
    _ number: Int, _ name: StaticString, _ value: inout S?
  ) throws(DecodingError) {
    while try isAt(number, S.wireType) {
      value = S(wireBits: try wireBits(S.wireType))
      try reader.nextField()
    }
  }

  @inlinable
  mutating func field<S: ScalarField>(
    _ number: Int, _ name: StaticString, _ values: inout [S]
  ) throws(DecodingError) {
    while reader.number == number {
      if reader.wireType == S.wireType.rawValue {
        values.append(S(wireBits: try wireBits(S.wireType)))
      } else if reader.wireType == WireType.bytes.rawValue {
        var packed = ProtobufDecoder(try reader.bytes(), origin: reader.start)
        while packed.reader.remaining > 0 {
          values.append(S(wireBits: try packed.wireBits(S.wireType)))
        }
      } else {
        try reader.skipField()
      }
      try reader.nextField()
    }
  }

  @inlinable @inline(__always)
  mutating func field<T: MessageText>(
    _ number: Int, _ name: StaticString, _ text: inout T
  ) throws(DecodingError) {
    while try isAt(number, .bytes) {
      text = T(validUTF8: try reader.utf8())
      try reader.nextField()
    }
  }

  @inlinable
  mutating func field<T: MessageText>(
    _ number: Int, _ name: StaticString, _ texts: inout [T]
  ) throws(DecodingError) {
    while try isAt(number, .bytes) {
      texts.append(T(validUTF8: try reader.utf8()))
      try reader.nextField()
    }
  }

  @inlinable @inline(__always)
  mutating func field(
    _ number: Int, _ name: StaticString, _ time: inout Timestamp?
  ) throws(DecodingError) {
    while try isAt(number, .bytes) {
      let merged = try reader.timestamp(over: time ?? Timestamp())
      let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: number)
      invalidTimestamps = merged.isValid ? invalidTimestamps & ~bit : invalidTimestamps | bit
      time = merged
      try reader.nextField()
    }
  }

  @inlinable
  mutating func field<M: Message>(
    _ number: Int, _ name: StaticString, _ message: inout M?
  ) throws(DecodingError) {
    while try isAt(number, .bytes) {
      var merged = message ?? M()
      var decoder = ProtobufDecoder(try reader.bytes(), origin: reader.start)
      try decoder.merge(into: &merged)
      message = merged
      try reader.nextField()
    }
  }

  @inlinable
  mutating func field<M: Message>(
    _ number: Int, _ name: StaticString, _ messages: inout [M]
  ) throws(DecodingError) {
    while try isAt(number, .bytes) {
      var element = M()
      var decoder = ProtobufDecoder(try reader.bytes(), origin: reader.start)
      try decoder.merge(into: &element)
      messages.append(element)
      try reader.nextField()
    }
  }
}
