/// A request without its body, which is never read.
package struct Request: Sendable {
  /// As received; methods are case-sensitive.
  package var method: String
  /// The path's segments, each decoded: ["api", "v1"] of "/api/v1", [""] of "/".
  package var segments: [String]
  /// The items of the query, decoded, in order.
  package var query: [(name: String, value: String)]
  /// The header fields, in order.
  package var headers: [(name: String, value: String)]
  /// Whether a body came with it; the connection is then closed after the response.
  package var hasBody: Bool
  /// The client, which may be a proxy.
  package var client: ClientAddress

  /// Parses a request target in origin form, such as "/partners/a?month=2026-11". Nil if it is malformed.
  package init?(
    method: String, target: String, headers: [(name: String, value: String)] = [], hasBody: Bool = false,
    client: ClientAddress = .localhost
  ) {
    guard target.utf8.first == UInt8(ascii: "/") else { return nil }
    let parts = target.utf8.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    var segments: [String] = []
    for part in parts[0].dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let segment = PercentEncoding.decode(part) else { return nil }
      segments.append(segment)
    }
    guard let query = Self.items(parts.count > 1 ? parts[1] : ""[...].utf8) else { return nil }
    self.method = method
    self.segments = segments
    self.query = query
    self.headers = headers
    self.hasBody = hasBody
    self.client = client
  }

  private static func items(_ query: Substring.UTF8View) -> [(name: String, value: String)]? {
    var items: [(name: String, value: String)] = []
    for item in query.split(separator: UInt8(ascii: "&")) {
      let sides = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(sides[0], plusIsSpace: true),
        let value = sides.count > 1 ? PercentEncoding.decode(sides[1], plusIsSpace: true) : ""
      else { return nil }
      items.append((name, value))
    }
    return items
  }

  /// Whether the method is GET or HEAD.
  package var isRead: Bool { method == "GET" || method == "HEAD" }

  /// The value of the first query item called `name`.
  package func query(_ name: String) -> String? {
    query.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The value of the first header field called `name`, ignoring case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.utf8.elementsEqual(name.utf8, by: isSameLetter) }?.value
  }

  /// The value of the cookie called `name`.
  package func cookie(_ name: String) -> String? {
    guard let header = header("Cookie") else { return nil }
    // By bytes: as `Character`s, a semicolon followed by a combining mark would not be a semicolon.
    for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
      let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, sides[0].drop(while: { $0 == UInt8(ascii: " ") }).elementsEqual(name.utf8)
      else { continue }
      return String(Substring(sides[1]))
    }
    return nil
  }
}

/// Whether two bytes of a header field's name are equal, ignoring case.
private func isSameLetter(_ left: UInt8, _ right: UInt8) -> Bool { lowercased(left) == lowercased(right) }

private func lowercased(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
