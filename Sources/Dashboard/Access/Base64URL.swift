/// Base64url without padding (RFC 7515, section 2).
enum Base64URL {
  /// Whether anything is encoded like that. To be asked before cjose is: it asserts this where it ought to refuse, and a
  /// failed assertion ends the program.
  static func isWellFormed(_ text: some Collection<UInt8>) -> Bool {
    text.count % 4 != 1 && text.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
