import CCurl

/// The address of what is fetched safely: over https, or over http on this machine alone, unless more is allowed.
package struct WebAddress: Sendable, Hashable, CustomStringConvertible {
  package let text: String
  /// Whether it is https.
  package let isSecure: Bool
  /// Whether it is on this machine, as far as its name tells.
  package let isLocal: Bool

  package var description: String { text }

  /// Nil for what is no such address, or holds a user, a password or a fragment. `allowsHTTP` takes http of any host.
  package init?(_ text: String, allowsHTTP: Bool = false) {
    // The library passes over a slash too many, which is more likely a host that is missing.
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !text.contains(":///"), let parsed = curl_url()
    else { return nil }
    defer { curl_url_cleanup(parsed) }
    guard curl_url_set(parsed, CURLUPART_URL, text, 0) == CURLUE_OK else { return nil }
    for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT]
    where Self.part(part, of: parsed) != nil { return nil }
    guard let host = Self.part(CURLUPART_HOST, of: parsed)?.lowercased() else { return nil }
    // The library takes every spelling of an IPv4 address for its usual one.
    isLocal = host == "localhost" || host == "[::1]" || Self.isLoopback(host)
    switch Self.part(CURLUPART_SCHEME, of: parsed)?.lowercased() {
    case "https": isSecure = true
    case "http" where isLocal || allowsHTTP: isSecure = false
    default: return nil
    }
    self.text = text
  }

  /// What lies below it; `path` has no slash at its start. Nil for a path that makes no address.
  package func appending(_ path: String) -> WebAddress? {
    WebAddress(text.hasSuffix("/") ? text + path : "\(text)/\(path)", allowsHTTP: true)
  }

  private static func isLoopback(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
