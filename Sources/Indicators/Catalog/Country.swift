/// An ISO 3166-1 alpha-2 code, or `unknown`.
package struct Country: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
  /// 0 for unknown, else 1 + 26 * first letter + second letter.
  package var code: UInt16

  init(code: UInt16) { self.code = code }

  package static let unknown = Country(code: 0)

  /// Reads two capital letters, or nothing; nil for anything else.
  package init?(utf8 bytes: some Collection<UInt8>) {
    if bytes.isEmpty {
      self = .unknown
      return
    }
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    guard bytes.count == 2, let first = bytes.first, let second = bytes.dropFirst().first,
      letters.contains(first), letters.contains(second)
    else { return nil }
    code = 1 + 26 * UInt16(first - letters.lowerBound) + UInt16(second - letters.lowerBound)
  }

  package init?(_ text: String) { self.init(utf8: text.utf8) }

  /// The two letters; empty for unknown.
  package var description: String {
    guard code > 0 else { return "" }
    let (first, second) = (code - 1).quotientAndRemainder(dividingBy: 26)
    return String(decoding: [UInt8(first) + 65, UInt8(second) + 65], as: UTF8.self)
  }
}
