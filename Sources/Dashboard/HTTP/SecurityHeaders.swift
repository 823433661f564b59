import HTTPServer

extension Response {
  /// What a page may do: load scripts, styles, images and data from here, and nothing that is written into it.
  private static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

  /// With the fields that every answer has. What may be cached says so itself.
  func secured() -> Response {
    var response = self
    let isPage = headers.contains { $0.name == "Content-Type" && $0.value.hasPrefix("text/html") }
    response.headers += [
      (
        "Content-Security-Policy", isPage ? Self.pagePolicy : "default-src 'none'; frame-ancestors 'none'"
      ),
      ("X-Content-Type-Options", "nosniff"),
      ("X-Frame-Options", "DENY"),
      ("Referrer-Policy", "no-referrer"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    if !headers.contains(where: { $0.name == "Cache-Control" }) {
      response.headers.append(("Cache-Control", "no-store"))
    }
    return response
  }
}
