extension JSONWriter {
  /// The same JSON with escapes in place of what is not printable ASCII, which only strings hold: nothing in it moves a terminal's
  /// cursor or turns text around.
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
