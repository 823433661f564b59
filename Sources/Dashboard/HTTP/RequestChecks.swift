import HTTPServer

extension Request {
  /// Throws for requests that no path accepts: other methods, bodies, malformed targets.
  func checkForm() throws(Problem) {
    guard isRead else {
      throw Problem(
        status: 405, detail: "only GET and HEAD are allowed", headers: [("Allow", "GET, HEAD")])
    }
    guard !hasBody else { throw Problem(status: 413, detail: "requests must not have a body") }
    switch malformed {
    case nil: return
    case .path: throw Problem(status: 400, detail: "the path has a malformed percent-escape")
    case .query(let name):
      throw Problem(status: 400, detail: "the query has a malformed percent-escape", parameter: name)
    }
  }

  /// Throws for requests that a proxy has forwarded. Without keys every user of this machine sees all partners, and a proxy on it
  /// would show them to others.
  func checkDirect() throws(Problem) {
    guard headers.contains(where: { Self.isProxyField($0.name.lowercased()) }) else { return }
    throw Problem(
      status: 403,
      detail: "this server has no keys to check tokens with, so it does not answer what a proxy passes on")
  }

  private static func isProxyField(_ name: String) -> Bool {
    name == "forwarded" || name.hasPrefix("x-forwarded-") || name == "x-real-ip" || name == "via"
  }
}

extension HostRule {
  func check(_ request: Request) throws(Problem) {
    guard accepts(request) else {
      throw Problem(status: 421, detail: "this server does not accept that host name")
    }
  }
}
