import HTTPServer

extension Response {
  /// What a page may do: load scripts, styles, images and data from here, and nothing that is written into it.
  private static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    + "connect-src 'self'; form-action 'self'; base-uri 'none'; "

  /// With the fields that every answer has. What may be cached says so itself. A page may be shown in frames of `ancestors`.
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
    // It knows no origins, so where there are some it would forbid what they may do.
    if ancestors.isEmpty { response.headers.append(("X-Frame-Options", "DENY")) }
    if !headers.contains(where: { $0.name == "Cache-Control" }) {
      response.headers.append(("Cache-Control", "no-store"))
    }
    return response
  }
}
