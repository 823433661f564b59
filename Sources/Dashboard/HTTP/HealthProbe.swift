import HTTPServer

/// What an orchestrator asks.
enum HealthProbe: Hashable {
  case alive
  /// Whether results can be shown.
  case ready

  /// `waitsFor` is what is not there yet, a line each.
  func response(waitsFor: [String]) -> Response {
    switch self {
    case .alive: Response(200, "text/plain; charset=utf-8", Array("alive\n".utf8))
    case .ready:
      Response(
        waitsFor.isEmpty ? 200 : 503, "text/plain; charset=utf-8",
        Array((waitsFor.isEmpty ? "ready\n" : waitsFor.map { "waiting for \($0)\n" }.joined()).utf8))
    }
  }
}
