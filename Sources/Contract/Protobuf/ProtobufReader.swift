/// A cursor over protobuf's wire format. Reads nothing outside its bytes, whatever they hold.
public struct ProtobufReader {
  @usableFromInline let start: UnsafeRawPointer?
  @usableFromInline var position: UnsafeRawPointer
  @usableFromInline let end: UnsafeRawPointer
  /// The number of the field at hand; zero at the end.
  @usableFromInline var number = 0
  /// The low three bits of the field's tag.
  @usableFromInline var wireType: UInt8 = 0

  /// Groups within groups that are still skipped.
  @usableFromInline static let groupDepthLimit = 100

  /// Reads `bytes`; errors count their offset from `origin`, or else from the first byte.
  @inlinable
  init(_ bytes: UnsafeRawBufferPointer, origin: UnsafeRawPointer? = nil) {
    start = origin ?? bytes.baseAddress
    // An empty buffer may have no address; then nothing is read through this one.
    position = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
    end = position + bytes.count
  }

  @inlinable var remaining: Int { end - position }

  @usableFromInline @inline(never)
  func error(_ reason: DecodingError.Reason) -> DecodingError {
    DecodingError(reason, at: start.map { position - $0 } ?? 0)
  }

  /// Reads the next field's tag into `number` and `wireType`.
  @inlinable @inline(__always)
  mutating func nextField() throws(DecodingError) {
    guard position < end else {
      number = 0
      return
    }
    let first = position.load(as: UInt8.self)
    // Field numbers below 16 take one byte.
    guard first < 0x80, first >= 8 else { return try nextLongField() }
    position += 1
    number = Int(first >> 3)
    wireType = first & 7
  }

  @usableFromInline @inline(never)
  mutating func nextLongField() throws(DecodingError) {
    let tag = try shortVarint()
    guard tag >> 3 != 0 else { throw error(.invalidFieldNumber) }
    number = Int(tag >> 3)
    wireType = UInt8(tag & 7)
  }

  @inlinable @inline(__always)
  mutating func varint() throws(DecodingError) -> UInt64 {
    guard position < end else { throw error(.truncated) }
    let first = position.load(as: UInt8.self)
    guard first >= 0x80 else {
      position += 1
      return UInt64(first)
    }
    return try longVarint()
  }

  @usableFromInline @inline(never)
  mutating func longVarint() throws(DecodingError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var next = position
    while shift < 64 {
      guard next < end else { throw error(.truncated) }
      let byte = next.load(as: UInt8.self)
      next += 1
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 {
        position = next
        return value
      }
      shift &+= 7
    }
    throw error(.malformedVarint)
  }

  /// A varint of at most five bytes and 32 bits: a tag or a length.
  @usableFromInline @inline(never)
  mutating func shortVarint() throws(DecodingError) -> UInt32 {
    let first = position
    let value = try longVarint()
    guard position - first <= 5, let short = UInt32(exactly: value) else { throw error(.malformedVarint) }
    return short
  }

  @inlinable
  mutating func fixed64() throws(DecodingError) -> UInt64 {
    guard remaining >= 8 else { throw error(.truncated) }
    defer { position += 8 }
    return UInt64(littleEndian: position.loadUnaligned(as: UInt64.self))
  }

  /// The bytes of a length-delimited field.
  @inlinable @inline(__always)
  mutating func bytes() throws(DecodingError) -> UnsafeRawBufferPointer {
    guard position < end else { throw error(.truncated) }
    var count = Int(position.load(as: UInt8.self))
    if count < 0x80 {
      position += 1
    } else {
      count = Int(try shortVarint())
    }
    guard count <= remaining else { throw error(.truncated) }
    defer { position += count }
    return UnsafeRawBufferPointer(start: position, count: count)
  }

  /// The bytes of a string field.
  @inlinable @inline(__always)
  mutating func utf8() throws(DecodingError) -> UnsafeRawBufferPointer {
    let text = try bytes()
    guard text.isASCII || text.isValidUTF8 else { throw error(.invalidUTF8) }
    return text
  }

  /// Skips the value of the field at hand.
  @usableFromInline @inline(never)
  mutating func skipField() throws(DecodingError) {
    try skipField(depth: 0)
  }

  private mutating func skipField(depth: Int) throws(DecodingError) {
    switch WireType(rawValue: wireType) {
    case .varint: _ = try varint()
    case .fixed64: try skip(8)
    case .fixed32: try skip(4)
    case .bytes: _ = try bytes()
    case .groupStart:
      guard depth < Self.groupDepthLimit else { throw error(.nestedTooDeeply) }
      let group = number
      while true {
        try nextField()
        guard number != 0 else { throw error(.truncated) }
        if wireType == WireType.groupEnd.rawValue { break }
        try skipField(depth: depth + 1)
      }
      guard number == group else { throw error(.unmatchedGroup) }
    case .groupEnd: throw error(.unmatchedGroup)
    case nil: throw error(.invalidWireType)
    }
  }

  private mutating func skip(_ count: Int) throws(DecodingError) {
    guard count <= remaining else { throw error(.truncated) }
    position += count
  }
}

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
