/// Writes a message as protobuf: fields in the order of their numbers, defaults left out, repeated scalars packed.
@usableFromInline
struct ProtobufEncoder: FieldVisitor {
  @usableFromInline typealias Failure = Never
  @usableFromInline var bytes: [UInt8] = []

  @inlinable
  init() {}

  @inlinable
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable
  mutating func append(tag number: Int, _ wireType: WireType) {
    append(varint: UInt64(truncatingIfNeeded: number << 3) | UInt64(wireType.rawValue))
  }

  @inlinable
  mutating func append<S: ScalarField>(_ value: S) {
    guard S.wireType == .fixed64 else { return append(varint: value.wireBits) }
    withUnsafeBytes(of: value.wireBits.littleEndian) { bytes.append(contentsOf: $0) }
  }

  @inlinable
  mutating func append<T: MessageText>(_ number: Int, text: T) {
    append(tag: number, .bytes)
    text.withUTF8Bytes {
      append(varint: UInt64($0.count))
      bytes.append(contentsOf: $0)
    }
  }

  /// Appends what `body` appends as a length-delimited field.
  @inlinable
  mutating func append(_ number: Int, _ body: (inout ProtobufEncoder) -> Void) {
    append(tag: number, .bytes)
    let lengthIndex = bytes.count
    bytes.append(0)
    body(&self)
    let length = bytes.count - lengthIndex - 1
    if length < 0x80 {
      bytes[lengthIndex] = UInt8(length)
    } else {
      var prefix = ProtobufEncoder()
      prefix.append(varint: UInt64(length))
      bytes.replaceSubrange(lengthIndex...lengthIndex, with: prefix.bytes)
    }
  }

  @inlinable
  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ value: inout S) {
    guard value.wireBits != 0 else { return }
    append(tag: number, S.wireType)
    append(value)
  }

  @inlinable
  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ value: inout S?) {
    guard let value else { return }
    append(tag: number, S.wireType)
    append(value)
  }

  @inlinable
  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ values: inout [S]) {
    guard !values.isEmpty else { return }
    append(number) { encoder in
      for value in values { encoder.append(value) }
    }
  }

  @inlinable
  mutating func field<T: MessageText>(_ number: Int, _ name: StaticString, _ text: inout T) {
    if !text.isEmpty { append(number, text: text) }
  }

  @inlinable
  mutating func field<T: MessageText>(_ number: Int, _ name: StaticString, _ texts: inout [T]) {
    for text in texts { append(number, text: text) }
  }

  @inlinable
  mutating func field(_ number: Int, _ name: StaticString, _ time: inout Timestamp?) {
    guard var time else { return }
    append(number) { encoder in
      encoder.field(1, "seconds", &time.seconds)
      encoder.field(2, "nanos", &time.nanos)
    }
  }

  @inlinable
  mutating func field<M: Message>(_ number: Int, _ name: StaticString, _ message: inout M?) {
    guard var message else { return }
    append(number) { message.visitFields(&$0) }
  }

  @inlinable
  mutating func field<M: Message>(_ number: Int, _ name: StaticString, _ messages: inout [M]) {
    for index in messages.indices {
      append(number) { messages[index].visitFields(&$0) }
    }
  }
}
