extension UsageAction where Text == BorrowedText {
  /// Reads a record's value in any of its forms, see `InputMessage.init(payload:scratch:)`; the form that the Java, Go, C++
  /// and Python libraries write takes a third of the general decoder's time.
  @inlinable @inline(__always)
  public init(payload: UnsafeRawBufferPointer, scratch: PayloadScratch) throws(DecodingError) {
    if let action = UsageAction(canonical: payload) {
      self = action
    } else {
      self = try UsageAction.general(payload, scratch)
    }
  }

  @usableFromInline @inline(never)
  static func general(
    _ payload: UnsafeRawBufferPointer, _ scratch: PayloadScratch
  ) throws(DecodingError) -> UsageAction {
    switch try PayloadForm(payload) {
    case .protobuf(let bytes): try UsageAction(protobuf: bytes, origin: payload.baseAddress)
    case .json(let bytes): try UsageAction(borrowingJSON: bytes, scratch: scratch)
    }
  }

  /// Reads protobuf in the layout of most writers: fields in order, each at most once, texts of ASCII shorter than 128
  /// bytes. Nil for anything else, right or wrong.
  @inlinable @inline(__always)
  init?(canonical bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return nil }
    self.init()
    var at = start
    let end = start + bytes.count
    guard let customer = at.canonicalText(0x0A, end), let subscription = at.canonicalText(0x12, end),
      let user = at.canonicalText(0x1A, end), let workload = at.canonicalText(0x22, end),
      let action = at.canonicalText(0x2A, end),
      // Tags and lengths are ASCII too: one look at all texts.
      UnsafeRawBufferPointer(start: start, count: at - start).isASCII
    else { return nil }
    if at + 2 <= end, at.load(as: UInt8.self) == 0x30 {
      guard at.load(fromByteOffset: 1, as: UInt8.self) == 1 else { return nil }
      intentional = true
      at += 2
    }
    guard at + 2 <= end, at.load(as: UInt8.self) == 0x3A,
      at + 2 + Int(at.load(fromByteOffset: 1, as: UInt8.self)) == end
    else { return nil }
    at += 2
    guard let seconds = at.canonicalVarint(0x08, end), let nanos = at.canonicalVarint(0x10, end), at == end
    else { return nil }
    let time = Timestamp(seconds: Int64(seconds), nanos: Int32(truncatingIfNeeded: nanos))
    guard nanos <= 999_999_999, time.isValid else { return nil }
    (customerID, subscriptionID, userID) = (customer, subscription, user)
    (self.workload, self.action, occurredAt) = (workload, action, time)
  }
}

extension UnsafeRawPointer {
  /// Steps over a text field with this tag; an empty text if another field follows, nil if it is not canonical.
  @inlinable @inline(__always)
  mutating func canonicalText(_ tag: UInt8, _ end: UnsafeRawPointer) -> BorrowedText? {
    guard self + 2 <= end, load(as: UInt8.self) == tag else { return BorrowedText() }
    let count = load(fromByteOffset: 1, as: UInt8.self)
    guard count < 0x80, self + 2 + Int(count) <= end else { return nil }
    defer { self += 2 + Int(count) }
    return BorrowedText(validUTF8: UnsafeRawBufferPointer(start: self + 2, count: Int(count)))
  }

  /// Steps over a varint field with this tag, of at most five bytes; zero if it is not there, nil if it is longer.
  @inlinable @inline(__always)
  mutating func canonicalVarint(_ tag: UInt8, _ end: UnsafeRawPointer) -> UInt64? {
    guard self < end, load(as: UInt8.self) == tag else { return 0 }
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var next = self + 1
    while next < end, shift < 35 {
      let byte = next.load(as: UInt8.self)
      next += 1
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 {
        self = next
        return value
      }
      shift &+= 7
    }
    return nil
  }
}
