import HTTPServer

/// What an orchestrator asks.
enum HealthProbe: Hashable {
  case alive
  /// Whether results can be shown.
  case ready

  func response(isReady: Bool) -> Response {
    switch self {
    case .alive: Response(200, "text/plain; charset=utf-8", Array("alive\n".utf8))
    case .ready:
      Response(
        isReady ? 200 : 503, "text/plain; charset=utf-8",
        Array((isReady ? "ready\n" : "the result is still being read\n").utf8))
    }
  }
}
