import CCurl

/// The address of a document that is fetched safely: over https, or over http on this machine alone.
package struct WebAddress: Sendable, Hashable, CustomStringConvertible {
  package let text: String
  /// Whether it is https.
  let isSecure: Bool

  package var description: String { text }

  /// Nil for what is no such address, or holds a user, a password or a fragment.
  package init?(_ text: String) {
    // The library passes over a slash too many, which is more likely a host that is missing.
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !text.contains(":///"), let parsed = curl_url()
    else { return nil }
    defer { curl_url_cleanup(parsed) }
    guard curl_url_set(parsed, CURLUPART_URL, text, 0) == CURLUE_OK else { return nil }
    for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT]
    where Self.part(part, of: parsed) != nil { return nil }
    guard let host = Self.part(CURLUPART_HOST, of: parsed)?.lowercased() else { return nil }
    switch Self.part(CURLUPART_SCHEME, of: parsed)?.lowercased() {
    case "https": isSecure = true
    // The library takes every spelling of an IPv4 address for its usual one.
    case "http" where host == "localhost" || host == "[::1]" || Self.isLoopback(host): isSecure = false
    default: return nil
    }
    self.text = text
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
