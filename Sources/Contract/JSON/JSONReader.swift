/// A pull reader over one JSON text in UTF-8 (RFC 8259, strict). Allocates nothing.
///
/// Read an object with `beginObject`, then `nextKey` and one value until it answers nil; an array with `beginArray`,
/// then `nextElement` and one value until it answers false.
public struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  /// Of the next byte.
  public private(set) var offset = 0
  private var depth = 0
  /// Whether the innermost object or array has had no member yet.
  private var isFirst = false
  /// Members that a message which was read here has no field for.
  public internal(set) var unknownMembers = 0

  /// Objects and arrays within each other that are still read; Google's limit.
  public static let depthLimit = 100

  public init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  func error(_ reason: DecodingError.Reason) -> DecodingError {
    DecodingError(reason, at: offset)
  }

  /// Of a text or a number that was taken.
  func error(_ reason: DecodingError.Reason, in text: JSONString) -> DecodingError {
    DecodingError(reason, at: offset(of: text))
  }

  /// Where the content of a string that was taken starts, after its quote.
  public func offset(of text: JSONString) -> Int {
    guard let start = bytes.baseAddress, let place = text.raw.baseAddress else { return 0 }
    return place - start
  }

  /// The next byte that is no white space, not taken; nil at the end.
  public mutating func peek() -> UInt8? {
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): offset += 1
      default: return bytes[offset]
      }
    }
    return nil
  }

  /// Takes `byte` if it comes next.
  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: byte) else { return false }
    offset += 1
    return true
  }

  private mutating func begin(_ bracket: Unicode.Scalar) throws(DecodingError) {
    guard peek() == UInt8(ascii: bracket) else { throw error(unexpected) }
    guard depth < Self.depthLimit else { throw error(.nestedTooDeeply) }
    depth += 1
    offset += 1
    isFirst = true
  }

  /// Whether another member comes; takes the comma before it, or the bracket that ends them.
  private mutating func next(_ bracket: Unicode.Scalar) throws(DecodingError) -> Bool {
    let wasFirst = isFirst
    isFirst = false
    if take(bracket) {
      depth -= 1
      return false
    }
    guard wasFirst || take(",") else { throw error(malformed) }
    return true
  }

  /// Takes the bracket that starts an object.
  public mutating func beginObject() throws(DecodingError) { try begin("{") }

  /// The next member's key, or nil after the object's end.
  public mutating func nextKey() throws(DecodingError) -> JSONString? {
    guard try next("}") else { return nil }
    guard peek() == UInt8(ascii: "\"") else { throw error(malformed) }
    let key = try string()
    guard take(":") else { throw error(malformed) }
    return key
  }

  /// Takes the bracket that starts an array.
  public mutating func beginArray() throws(DecodingError) { try begin("[") }

  /// Whether another element comes; false after the array's end.
  public mutating func nextElement() throws(DecodingError) -> Bool { try next("]") }

  /// Takes a string.
  public mutating func string() throws(DecodingError) -> JSONString {
    guard take("\"") else { throw error(unexpected) }
    return try stringBody()
  }

  /// Takes true or false.
  public mutating func bool() throws(DecodingError) -> Bool {
    if takeLiteral("true") { return true }
    if takeLiteral("false") { return false }
    throw error(unexpected)
  }

  /// Takes null if it comes next.
  public mutating func null() -> Bool { takeLiteral("null") }

  private mutating func takeLiteral(_ literal: StaticString) -> Bool {
    _ = peek()
    let count = literal.utf8CodeUnitCount
    guard bytes.count - offset >= count else { return false }
    let next = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    guard next.hasSameBytes(as: UnsafeRawBufferPointer(start: literal.utf8Start, count: count)) else {
      return false
    }
    offset += count
    return true
  }

  /// Takes any value and answers its bytes.
  public mutating func value() throws(DecodingError) -> UnsafeRawBufferPointer {
    let first = peek()
    let start = offset
    switch first {
    case UInt8(ascii: "{"):
      try beginObject()
      while try nextKey() != nil { _ = try value() }
    case UInt8(ascii: "["):
      try beginArray()
      while try nextElement() { _ = try value() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      guard takeLiteral("true") || takeLiteral("false") else { throw error(.malformedJSON) }
    case UInt8(ascii: "n"):
      guard null() else { throw error(.malformedJSON) }
    default: _ = try number()
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
  }

  /// Throws if anything but white space is left.
  public mutating func end() throws(DecodingError) {
    guard peek() == nil else { throw error(.malformedJSON) }
  }

  /// What is wrong when punctuation was expected at `offset`.
  private var malformed: DecodingError.Reason { offset < bytes.count ? .malformedJSON : .truncated }

  /// What is wrong when another kind of value was expected at `offset`.
  private var unexpected: DecodingError.Reason {
    guard offset < bytes.count else { return .truncated }
    if isAtNumber { return .wrongJSONType }
    switch bytes[offset] {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "t"), UInt8(ascii: "f"),
      UInt8(ascii: "n"):
      return .wrongJSONType
    default: return .malformedJSON
    }
  }
}

extension JSONReader {
  /// Takes the rest of a string, whose opening quote is taken.
  private mutating func stringBody() throws(DecodingError) -> JSONString {
    let start = offset
    var hasEscapes = false
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        let raw = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        offset += 1
        return JSONString(raw: raw, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try escape()
      case 0..<0x20: throw error(.malformedJSON)
      default:
        let length = bytes.lengthOfScalar(at: offset)
        guard length > 0 else { throw error(.invalidUTF8) }
        offset += length
      }
    }
    throw error(.truncated)
  }

  /// Takes one escape, or two that make a surrogate pair.
  private mutating func escape() throws(DecodingError) {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
    guard let (_, length) = JSONString.scalar(escapedAt: rest) else { throw error(.malformedJSON) }
    offset += length
  }

  /// Takes a number and answers its bytes, which follow RFC 8259's grammar.
  public mutating func number() throws(DecodingError) -> UnsafeRawBufferPointer {
    _ = peek()
    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
    guard let count = JSONNumber.prefix(of: rest) else {
      throw error(isAtNumber ? .malformedJSON : unexpected)
    }
    offset += count
    return UnsafeRawBufferPointer(rebasing: rest[..<count])
  }

  private var isAtNumber: Bool {
    guard offset < bytes.count else { return false }
    return bytes[offset] == UInt8(ascii: "-") || JSONNumber.isDigit(bytes[offset])
  }
}
