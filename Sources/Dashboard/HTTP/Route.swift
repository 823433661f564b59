import HTTPServer

/// What a request's path refers to.
enum Route {
  case page
  /// The page "Why this number".
  case explanation
  /// The page of a number's history.
  case history
  /// The page of one indicator.
  case indicator
  /// The page "All partners".
  case overview
  case asset
  case api(APIResource)
  case health(HealthProbe)
  case metrics
  case notFound

  init(_ request: Request) {
    let segments = request.segments
    switch segments.first {
    case "" where segments.count == 1: self = .page
    case "assets": self = .asset
    case "explain" where segments.count == 1: self = .explanation
    case "history" where segments.count == 1: self = .history
    case "indicator" where segments.count == 1: self = .indicator
    case "partners" where segments.count == 1: self = .overview
    case "healthz" where segments.count == 1: self = .health(.alive)
    case "readyz" where segments.count == 1: self = .health(.ready)
    case "metrics" where segments.count == 1: self = .metrics
    case "api" where segments.count > 2 && segments[1] == "v1":
      self = APIResource(Array(segments.dropFirst(2))).map { .api($0) } ?? .notFound
    default: self = .notFound
    }
  }

  /// Whether its response may be about partners, so that it goes to the access log.
  var isPersonal: Bool {
    switch self {
    case .page, .explanation, .history, .indicator, .overview, .api: true
    case .asset, .health, .metrics, .notFound: false
    }
  }

  /// Whether it is for people, so that refusals are pages too.
  var isPage: Bool {
    switch self {
    case .page, .explanation, .history, .indicator, .overview, .notFound: true
    case .asset, .api, .health, .metrics: false
    }
  }

  /// Its name in metrics; never a text from a client.
  var name: String {
    switch self {
    case .page: "page"
    case .explanation: "explain"
    case .history: "history"
    case .indicator: "indicator"
    case .overview: "partners"
    case .asset: "asset"
    case .api(let resource): "api_\(resource.name)"
    case .health: "health"
    case .metrics: "metrics"
    case .notFound: "not_found"
    }
  }
}

/// A health check of an orchestrator.
enum HealthProbe: Hashable {
  /// Whether the process runs.
  case alive
  /// Whether results can be shown.
  case ready

  /// `waitsFor` is what is missing for readiness, a line each.
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
