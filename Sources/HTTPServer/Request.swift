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

  /// The part of the target that cannot be decoded; nil if all of it can.
  package private(set) var malformed: MalformedPart?

  /// A part of the request target.
  package enum MalformedPart: Sendable, Equatable {
    case path
    /// An item of the query, with its name if that can be decoded.
    case query(String?)
  }

  /// Parses a request target in origin form, such as "/partners/a?month=2026-11". Nil if it is malformed.
  package init?(
    method: String, target: String, headers: [(name: String, value: String)] = [], hasBody: Bool = false,
    client: ClientAddress = .localhost
  ) {
    self.init(received: target, method: method, headers: headers, hasBody: hasBody, client: client)
    if malformed != nil { return nil }
  }

  /// The same for a target that may be malformed: segments that cannot be decoded stay as received, such items of the query are
  /// left out. Nil if the target is not in origin form.
  package init?(
    received target: String, method: String, headers: [(name: String, value: String)], hasBody: Bool = false,
    client: ClientAddress = .localhost
  ) {
    guard target.utf8.first == UInt8(ascii: "/") else { return nil }
    let parts = target.utf8.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    (segments, query) = ([], [])
    self.method = method
    self.headers = headers
    self.hasBody = hasBody
    self.client = client
    if parts.count > 1 { takeQuery(parts[1]) }
    takePath(parts[0].dropFirst())
  }

  private mutating func takePath(_ path: Substring.UTF8View) {
    for part in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      let segment = PercentEncoding.decode(part)
      if segment == nil { malformed = .path }
      segments.append(segment ?? String(Substring(part)))
    }
  }

  private mutating func takeQuery(_ query: Substring.UTF8View) {
    for item in query.split(separator: UInt8(ascii: "&")) {
      let sides = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = PercentEncoding.decode(sides[0], plusIsSpace: true)
      guard let name, let value = sides.count > 1 ? PercentEncoding.decode(sides[1], plusIsSpace: true) : ""
      else {
        malformed = .query(name)
        continue
      }
      self.query.append((name, value))
    }
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
