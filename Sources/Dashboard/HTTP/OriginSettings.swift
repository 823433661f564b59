import HTTPServer

/// Who may show the page in a frame.
package enum FrameAncestor: Sendable, Hashable {
  /// Pages of the same origin.
  case own
  case origin(WebOrigin)

  /// Parses "self" or an origin.
  package init?(_ text: String) {
    if text == "self" {
      self = .own
    } else if let origin = WebOrigin(text) {
      self = .origin(origin)
    } else {
      return nil
    }
  }

  /// As a source in a content security policy.
  var source: String {
    switch self {
    case .own: "'self'"
    case .origin(let origin): origin.text
    }
  }
}

/// What pages of other origins may do.
package struct OriginSettings: Sendable {
  /// Who may show the page in a frame; nobody if empty.
  package var ancestors: [FrameAncestor] = []
  /// Whose scripts may read the API (the Fetch standard's CORS protocol), with the cookie too.
  package var readers: [WebOrigin] = []

  private static let allowedFields = "Accept, Authorization, Cache-Control, If-None-Match, Last-Event-ID"
  private static let exposedFields = "Content-Disposition, ETag, Retry-After, WWW-Authenticate, X-Request-Id"

  package init() {}

  /// The request's origin, if its scripts may read the API.
  private func reader(_ request: Request) -> String? {
    let named = request.headers.filter { $0.name.lowercased() == "origin" }
    // Compared exactly as browsers write it; nothing that only resembles an origin matches.
    guard named.count == 1 else { return nil }
    return readers.first { $0.text.utf8.elementsEqual(named[0].value.utf8) }?.text
  }

  /// The response to a CORS preflight request; nil for any other request.
  func preflight(_ request: Request) -> Response? {
    guard request.method == "OPTIONS", !request.hasBody, reader(request) != nil,
      request.header("Access-Control-Request-Method") != nil
    else { return nil }
    return Response(
      204,
      [
        ("Access-Control-Allow-Methods", "GET, HEAD"), ("Access-Control-Allow-Headers", Self.allowedFields),
        ("Access-Control-Max-Age", "600"),
      ])
  }

  /// Adds the header fields that let the origin's scripts read the response, also a refusal.
  func allow(_ request: Request, _ response: inout Response) {
    guard !readers.isEmpty else { return }
    let vary = response.headers.first { $0.name == "Vary" }?.value
    response.set("Vary", (vary.map { "\($0), " } ?? "") + "Origin")
    guard let origin = reader(request) else { return }
    response.set("Access-Control-Allow-Origin", origin)
    response.set("Access-Control-Allow-Credentials", "true")
    response.set("Access-Control-Expose-Headers", Self.exposedFields)
  }
}
