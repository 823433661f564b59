import Compression
import HTTPServer

extension Response {
  /// Smaller bodies are not worth it.
  private static let leastBytes = 1_000
  private static let texts = ["text/", "application/json", "application/problem+json", "image/svg+xml"]

  /// The response with a gzip body, if the client accepts that and it is a text that is long enough.
  ///
  /// Not for cross-site requests: from the length of a compressed response with both a text of the attacker's choice and a secret,
  /// an attacker who watches the network may guess the secret (BREACH).
  func compressed(for request: Request) -> Response {
    guard case .bytes(let bytes) = body, bytes.count >= Self.leastBytes,
      let type = headers.first(where: { $0.name == "Content-Type" })?.value,
      Self.texts.contains(where: type.hasPrefix)
    else { return self }
    var response = self
    response.addVary("Accept-Encoding")
    guard Self.isAccepted(by: request), request.header("Sec-Fetch-Site").map({ $0 != "cross-site" }) ?? true,
      let compressed = Gzip.compress(bytes), compressed.count < bytes.count
    else { return response }
    response.body = .bytes(compressed)
    response.set("Content-Encoding", "gzip")
    // The tag is that of the uncompressed content, so it is a weak one (RFC 9110, 8.8.3).
    if let tag = headers.first(where: { $0.name == "ETag" })?.value { response.set("ETag", "W/\(tag)") }
    return response
  }

  private mutating func addVary(_ field: String) {
    let known = headers.first { $0.name == "Vary" }?.value
    set("Vary", known.map { "\($0), \(field)" } ?? field)
  }

  /// Whether `Accept-Encoding` names gzip and does not refuse it (RFC 9110, 12.5.3).
  private static func isAccepted(by request: Request) -> Bool {
    guard let header = request.header("Accept-Encoding") else { return false }
    return header.split(separator: ",").prefix(50).contains { item in
      let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard parts.first == "gzip" else { return false }
      return parts.dropFirst().allSatisfy { !$0.hasPrefix("q=") || (Double($0.dropFirst(2)) ?? 0) > 0 }
    }
  }
}
