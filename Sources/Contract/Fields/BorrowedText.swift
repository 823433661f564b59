/// Valid UTF-8 in memory that something else owns, usually a record; must not be used after that memory is released.
public struct BorrowedText {
  public let bytes: UnsafeRawBufferPointer

  @inlinable
  public init() {
    bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  @inlinable
  public init(validUTF8 bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  @inlinable public var count: Int { bytes.count }
  @inlinable public var isEmpty: Bool { bytes.isEmpty }

  /// An owned copy.
  public var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension BorrowedText: MessageText {
  @inlinable
  public func withUTF8Bytes<Result, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result {
    try body(bytes)
  }
}

// Texts are equal if their bytes are: identifiers are not normalized.
extension BorrowedText: Hashable {
  @inlinable
  public static func == (left: BorrowedText, right: BorrowedText) -> Bool {
    left.bytes.hasSameBytes(as: right.bytes)
  }

  @inlinable
  public static func == (left: BorrowedText, right: StaticString) -> Bool {
    left.bytes.hasSameBytes(
      as: UnsafeRawBufferPointer(start: right.utf8Start, count: right.utf8CodeUnitCount))
  }

  @inlinable
  public static func == (left: BorrowedText, right: String) -> Bool {
    right.withUTF8Bytes { left.bytes.hasSameBytes(as: $0) }
  }

  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(bytes: bytes)
    hasher.combine(bytes.count)
  }
}

extension BorrowedText: CustomStringConvertible {
  public var description: String { string }
}

extension UnsafeRawBufferPointer {
  /// Whether both hold the same bytes; eight at a time.
  @inlinable @inline(__always)
  package func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard let left = baseAddress, let right = other.baseAddress else { return true }
    guard 8...16 ~= count else { return Self.areSame(left, right, count) }
    // The last eight overlap the first, so that none are compared one by one.
    return left.loadUnaligned(as: UInt64.self) == right.loadUnaligned(as: UInt64.self)
      && left.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
  }

  /// The same for any count.
  @usableFromInline
  static func areSame(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
    guard left != right else { return true }
    guard count >= 8 else { return areSame(left, right, fewerThanEight: count) }
    let last = count &- 8
    var offset = 0
    while offset < last {
      guard
        left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      else { return false }
      offset &+= 8
    }
    return left.loadUnaligned(fromByteOffset: last, as: UInt64.self)
      == right.loadUnaligned(fromByteOffset: last, as: UInt64.self)
  }

  private static func areSame(
    _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, fewerThanEight count: Int
  ) -> Bool {
    for offset in 0..<count
    where left.load(fromByteOffset: offset, as: UInt8.self)
      != right.load(fromByteOffset: offset, as: UInt8.self)
    {
      return false
    }
    return true
  }
}
