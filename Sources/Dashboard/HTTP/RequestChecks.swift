import HTTPServer

extension Request {
  /// Throws for what no path here answers.
  func checkForm() throws(Problem) {
    guard isRead else {
      throw Problem(
        status: 405, detail: "only GET and HEAD are allowed", headers: [("Allow", "GET, HEAD")])
    }
    guard !hasBody else { throw Problem(status: 413, detail: "requests must not have a body") }
  }
}

extension HostRule {
  func check(_ request: Request) throws(Problem) {
    guard accepts(request) else {
      throw Problem(status: 421, detail: "this server does not accept that host name")
    }
  }
}
