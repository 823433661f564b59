import HTTPServer

/// Where people sign in.
package struct SignInAddress: Sendable {
  /// Replaced by the address to come back to.
  private static let placeholder = "{return}"
  /// The maximum length of the address to come back to, in bytes; a longer one loses its query.
  private static let longestReturn = 2_000

  private let text: String

  /// Parses an https URL, an http URL on this machine, or a path on the page's own host. Its query may contain `{return}`.
  package init?(_ text: String) {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let plain =
      String(parts[0]) + (parts.count > 1 ? "?" + parts[1].replacing(Self.placeholder, with: "") : "")
    guard plain.utf8.allSatisfy(Self.isURLByte), Self.isPath(parts[0]) || Self.isURL(parts[0]) else {
      return nil
    }
    self.text = text
  }

  /// The address with that of a request to come back to, which is always a path on this host.
  func link(backTo request: Request) -> String {
    let path = "/" + request.segments.map(PageQuery.encoded).joined(separator: "/")
    let query = request.query.map { "\(PageQuery.encoded($0.name))=\(PageQuery.encoded($0.value))" }
      .joined(separator: "&")
    let whole = query.isEmpty ? path : "\(path)?\(query)"
    let back = whole.utf8.count > Self.longestReturn ? path : whole
    return text.replacing(Self.placeholder, with: PageQuery.encoded(back))
  }

  private static func isURL(_ text: Substring) -> Bool {
    guard let start = text.firstRange(of: "://") else { return false }
    let authority = text[start.upperBound...].prefix { $0 != "/" && $0 != "#" }
    return WebOrigin("\(text[..<start.upperBound])\(authority)") != nil
  }

  /// Not "//host" and "/\host", which browsers take for another host.
  private static func isPath(_ text: Substring) -> Bool {
    text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\")
  }

  /// Characters of RFC 3986, including percent signs.
  private static func isURLByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
    }
  }
}
