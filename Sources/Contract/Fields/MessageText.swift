/// The text of a string field: owned (`String`) or borrowed from the record's bytes (`BorrowedText`).
public protocol MessageText: Hashable {
  /// The empty text.
  init()
  /// Text of `bytes`, which must be valid UTF-8; a borrowing conformer keeps the pointer.
  init(validUTF8 bytes: UnsafeRawBufferPointer)
  var isEmpty: Bool { get }
  /// Calls `body` with the UTF-8 bytes, valid only during the call.
  func withUTF8Bytes<Result, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result
}

extension String: MessageText {
  @inlinable
  public init(validUTF8 bytes: UnsafeRawBufferPointer) {
    self.init(decoding: bytes, as: UTF8.self)
  }

  @inlinable
  public func withUTF8Bytes<Result, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result {
    try utf8.span.withUnsafeBytes(body)
  }
}
