import HTTPServer

extension Response {
  /// A page may load scripts, styles, images and data from this server, and has nothing inline.
  private static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    + "connect-src 'self'; form-action 'self'; base-uri 'none'; "

  /// The response with the header fields that all have. It is not cached unless it says so itself. A page may be framed by
  /// `ancestors`.
  func secured(ancestors: [FrameAncestor] = []) -> Response {
    var response = self
    let isPage = headers.contains { $0.name == "Content-Type" && $0.value.hasPrefix("text/html") }
    let ancestors = isPage ? ancestors : []
    let framing =
      "frame-ancestors " + (ancestors.isEmpty ? "'none'" : ancestors.map(\.source).joined(separator: " "))
    response.headers += [
      ("Content-Security-Policy", (isPage ? Self.pagePolicy : "default-src 'none'; ") + framing),
      ("X-Content-Type-Options", "nosniff"),
      ("Referrer-Policy", "no-referrer"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    // This field cannot name origins, so with ancestors it would forbid them.
    if ancestors.isEmpty { response.headers.append(("X-Frame-Options", "DENY")) }
    if !headers.contains(where: { $0.name == "Cache-Control" }) {
      response.headers.append(("Cache-Control", "no-store"))
    }
    return response
  }
}
