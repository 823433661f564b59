import Contract

extension Console {
  /// Writes one JSON object, whose members `body` writes, as a line of ASCII.
  func writeLine(_ body: (inout JSONWriter) -> Void) throws {
    var json = JSONWriter()
    json.beginObject()
    body(&json)
    json.endObject()
    json.bytes.append(UInt8(ascii: "\n"))
    try write(json.bytes.allSatisfy { $0 < 0x80 } ? json.bytes : escaped(json.bytes))
  }

  /// The same JSON with escapes in place of what is not ASCII, which only strings hold.
  private func escaped(_ json: [UInt8]) -> [UInt8] {
    var ascii: [UInt8] = []
    for unit in String(decoding: json, as: UTF8.self).utf16 {
      if unit < 0x80 {
        ascii.append(UInt8(unit))
      } else {
        let digits = String(unit, radix: 16)
        ascii += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
      }
    }
    return ascii
  }
}
