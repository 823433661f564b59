import HTTPServer

/// The origin of a page (RFC 6454), as browsers write it: "https://portal.example", "https://portal.example:8443".
package struct WebOrigin: Sendable, Hashable {
  package let text: String

  /// Parses an https origin, or an http origin on this machine; lowercases it, and drops a default port.
  package init?(_ text: String) {
    let lower = text.lowercased()
    guard let end = lower.firstRange(of: "://") else { return nil }
    let (scheme, authority) = (lower[..<end.lowerBound], lower[end.upperBound...])
    guard scheme == "https" || scheme == "http", let (host, port) = Self.split(authority) else { return nil }
    let isLoopback = host == "localhost" || host == "[::1]" || host.hasPrefix("127.") && Self.isNumeric(host)
    guard scheme == "https" || isLoopback else { return nil }
    let defaultPort = scheme == "https" ? 443 : 80
    self.text = "\(scheme)://\(host)" + (port == nil || port == defaultPort ? "" : ":\(port ?? 0)")
  }

  private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
    var (host, port) = (authority, nil as Int?)
    if authority.last != "]", let colon = authority.lastIndex(of: ":") {
      host = authority[..<colon]
      let digits = authority[authority.index(after: colon)...]
      guard digits.utf8.allSatisfy(isDigit), let number = UInt16(digits), number > 0 else { return nil }
      port = Int(number)
    }
    return isHost(host) ? (String(host), port) : nil
  }

  private static func isHost(_ host: Substring) -> Bool {
    if host.hasPrefix("["), host.hasSuffix("]") { return ListenAddress("\(host):1") != nil }
    return !host.isEmpty && host.first != "." && host.first != "-"
      && host.utf8.allSatisfy {
        isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || ".-".utf8.contains($0)
      }
  }

  private static func isNumeric(_ host: String) -> Bool {
    host.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
