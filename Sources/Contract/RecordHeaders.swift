/// A header of a record, with bytes of its own.
public struct Header: Hashable, Sendable {
  /// Usually UTF-8, but brokers accept any bytes.
  public var name: [UInt8]
  /// Nil for a header without a value, which is not the same as an empty one.
  public var value: [UInt8]?

  public init(name: [UInt8], value: [UInt8]?) {
    self.name = name
    self.value = value
  }

  public init(_ name: String, _ value: some Sequence<UInt8>) {
    self.init(name: Array(name.utf8), value: Array(value))
  }

  public init(_ header: BorrowedHeader) {
    self.init(name: Array(header.name), value: header.value.map(Array.init))
  }

  /// Calls `body` with the header; valid only during the call.
  public func withBorrowed(_ body: (BorrowedHeader) -> Void) {
    name.withUnsafeBytes { name in
      guard let value else { return body(BorrowedHeader(name: name, value: nil)) }
      value.withUnsafeBytes { body(BorrowedHeader(name: name, value: $0)) }
    }
  }

  /// Bytes that a header takes in any log besides name and value: at most two varints of five bytes.
  public static let overhead = 10

  /// Bytes that it takes.
  public var size: Int { name.count + (value?.count ?? 0) + Self.overhead }
}

/// A header of a record, whose bytes are valid as long as the record's.
public struct BorrowedHeader {
  public var name: UnsafeRawBufferPointer
  public var value: UnsafeRawBufferPointer?

  public init(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
    self.name = name
    self.value = value
  }

  /// Bytes that it takes.
  public var size: Int { name.count + (value?.count ?? 0) + Header.overhead }
}

/// The headers of a record in their order, valid as long as the record's bytes.
///
/// Just two pointers, since a log creates one for each record and few are read: headers are parsed on iteration.
public struct RecordHeaders: Sequence {
  /// Returns the next header through the pointers and advances `cursor`, which starts at zero; returns false at the end. A null
  /// value has no address, an empty one has one.
  public typealias Next =
    @convention(c) (
      _ source: UnsafeRawPointer, _ cursor: UnsafeMutablePointer<Int>,
      _ name: UnsafeMutablePointer<UnsafeRawPointer?>, _ nameCount: UnsafeMutablePointer<Int>,
      _ value: UnsafeMutablePointer<UnsafeRawPointer?>, _ valueCount: UnsafeMutablePointer<Int>
    ) -> Bool

  private let source: UnsafeRawPointer?
  private let next: Next?

  /// No headers.
  public static var none: RecordHeaders { RecordHeaders() }

  private init() {
    source = nil
    next = nil
  }

  @inline(__always)
  public init(_ source: UnsafeRawPointer, _ next: @escaping Next) {
    self.source = source
    self.next = next
  }

  /// Parses one header after the other.
  public struct Iterator: IteratorProtocol {
    fileprivate let headers: RecordHeaders
    private var cursor = 0

    fileprivate init(_ headers: RecordHeaders) { self.headers = headers }

    public mutating func next() -> BorrowedHeader? {
      guard let source = headers.source, let next = headers.next else { return nil }
      var (name, value): (UnsafeRawPointer?, UnsafeRawPointer?) = (nil, nil)
      var (nameCount, valueCount) = (0, 0)
      guard next(source, &cursor, &name, &nameCount, &value, &valueCount) else { return nil }
      return BorrowedHeader(
        name: UnsafeRawBufferPointer(start: name, count: name == nil ? 0 : nameCount),
        value: value.map { UnsafeRawBufferPointer(start: $0, count: valueCount) })
    }
  }

  public func makeIterator() -> Iterator { Iterator(self) }
}
