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
    var copy = self
    // Through a Result, since withUTF8 does not pass a typed error on.
    let outcome: Swift.Result<Result, E> = copy.withUTF8 { utf8 in
      do throws(E) {
        return .success(try body(UnsafeRawBufferPointer(utf8)))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}
