/// A string of a JSON text, undecoded; its escapes are known to be valid.
public struct JSONString {
  /// The bytes between the quotes, with escapes.
  public let raw: UnsafeRawBufferPointer
  public let hasEscapes: Bool

  /// Calls `body` with the string's UTF-8 bytes, valid only during the call.
  public func withUTF8Bytes<Result, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result {
    guard hasEscapes else { return try body(raw) }
    return try String(decoding: unescaped, as: UTF8.self).withUTF8Bytes(body)
  }

  /// An owned copy.
  public var string: String {
    hasEscapes ? String(decoding: unescaped, as: UTF8.self) : String(decoding: raw, as: UTF8.self)
  }

  /// The same as `string == text`, without a copy of the string.
  public static func == (left: JSONString, right: StaticString) -> Bool {
    left.withUTF8Bytes { BorrowedText(validUTF8: $0) == right }
  }

  private var unescaped: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      if raw[index] == UInt8(ascii: "\\"),
        let (scalar, length) = Self.scalar(escapedAt: UnsafeRawBufferPointer(rebasing: raw[index...]))
      {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index += length
      } else {
        bytes.append(raw[index])
        index += 1
      }
    }
    return bytes
  }

  /// The scalar that the escape at the start of `bytes` stands for, and the escape's length; nil for no valid escape,
  /// such as half a surrogate pair.
  static func scalar(escapedAt bytes: UnsafeRawBufferPointer) -> (Unicode.Scalar, length: Int)? {
    guard bytes.count >= 2 else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "\""): return ("\"", 2)
    case UInt8(ascii: "\\"): return ("\\", 2)
    case UInt8(ascii: "/"): return ("/", 2)
    case UInt8(ascii: "b"): return ("\u{8}", 2)
    case UInt8(ascii: "f"): return ("\u{c}", 2)
    case UInt8(ascii: "n"): return ("\n", 2)
    case UInt8(ascii: "r"): return ("\r", 2)
    case UInt8(ascii: "t"): return ("\t", 2)
    default: break
    }
    guard let unit = utf16Unit(bytes, at: 0) else { return nil }
    if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
    guard UTF16.isLeadSurrogate(unit), let trail = utf16Unit(bytes, at: 6), UTF16.isTrailSurrogate(trail)
    else {
      return nil
    }
    let value = 0x10000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(trail) - 0xdc00)
    return Unicode.Scalar(value).map { ($0, 12) }
  }

  /// The number in "\uXXXX" at `index`.
  private static func utf16Unit(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt16? {
    guard bytes.count >= index + 6, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
    else {
      return nil
    }
    var unit: UInt16 = 0
    for digit in bytes[(index + 2)..<(index + 6)] {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt16(value)
    }
    return unit
  }
}
