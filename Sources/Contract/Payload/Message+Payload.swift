extension InputMessage where Text == BorrowedText {
  /// Reads a record's value in any of its forms. Text points into `payload`, or for JSON into `scratch`, and is valid
  /// until the next message is read with the same scratch.
  @inlinable
  public init(payload: UnsafeRawBufferPointer, scratch: PayloadScratch) throws(DecodingError) {
    switch try PayloadForm(payload) {
    case .protobuf(let bytes): try self.init(protobuf: bytes, origin: payload.baseAddress)
    case .json(let bytes): try self.init(borrowingJSON: bytes, scratch: scratch)
    }
  }

  @usableFromInline
  init(borrowingJSON bytes: UnsafeRawBufferPointer, scratch: PayloadScratch) throws(DecodingError) {
    let owned = try Owned(json: bytes)
    try self.init(protobuf: scratch.protobuf(of: owned))
  }
}

extension Message where Owned == Self {
  /// Reads a record's value in any of its forms.
  @inlinable
  public init(payload: UnsafeRawBufferPointer) throws(DecodingError) {
    switch try PayloadForm(payload) {
    case .protobuf(let bytes): try self.init(protobuf: bytes, origin: payload.baseAddress)
    case .json(let bytes): try self.init(json: bytes)
    }
  }
}
