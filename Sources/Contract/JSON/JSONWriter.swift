/// Writes JSON without white space, in UTF-8; only quotes, backslashes and control characters are escaped.
///
/// Calls come in the order of the text. The writer inserts commas, and does not check that brackets match.
public struct JSONWriter {
  public var bytes: [UInt8] = []
  private var needsComma = false

  public init() {}

  private mutating func startValue() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func begin(_ bracket: Unicode.Scalar) {
    startValue()
    bytes.append(UInt8(ascii: bracket))
    needsComma = false
  }

  private mutating func end(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    needsComma = true
  }

  public mutating func beginObject() { begin("{") }
  public mutating func endObject() { end("}") }
  public mutating func beginArray() { begin("[") }
  public mutating func endArray() { end("]") }

  /// A member's key; its value comes next.
  public mutating func key(_ name: some MessageText) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func string(_ text: some MessageText) {
    startValue()
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8Bytes { utf8 in
      for byte in utf8 { appendEscaped(byte) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case UInt8(ascii: "\n"): append("\\n")
    case UInt8(ascii: "\r"): append("\\r")
    case UInt8(ascii: "\t"): append("\\t")
    case 0..<0x20:
      append(byte < 0x10 ? "\\u000" : "\\u00")
      append(String(byte, radix: 16))
    default: bytes.append(byte)
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  public mutating func number(_ value: some BinaryInteger) {
    startValue()
    append(String(value))
  }

  /// The shortest digits that read back as the same double; `value` must be finite.
  public mutating func number(_ value: Double) {
    startValue()
    append(value.description)
  }

  public mutating func bool(_ value: Bool) {
    startValue()
    append(value ? "true" : "false")
  }

  public mutating func null() {
    startValue()
    append("null")
  }

  /// A value that is JSON already.
  public mutating func raw(_ json: UnsafeRawBufferPointer) {
    startValue()
    bytes.append(contentsOf: json)
  }

  /// The JSON with everything but printable ASCII escaped, so that nothing in it controls a terminal or reverses text. Only strings
  /// contain such characters.
  public var asciiBytes: [UInt8] {
    guard bytes.contains(where: { $0 >= 0x7f }) else { return bytes }
    var ascii: [UInt8] = []
    for unit in String(decoding: bytes, as: UTF8.self).utf16 {
      if unit < 0x7f {
        ascii.append(UInt8(unit))
      } else {
        let digits = String(unit, radix: 16)
        ascii += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
      }
    }
    return ascii
  }
}
