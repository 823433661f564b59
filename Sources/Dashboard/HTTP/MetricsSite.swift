import HTTPServer
import Metrics

/// A site with only /metrics, /healthz and /readyz.
package struct MetricsSite: Sendable {
  private let hosts: HostRule
  private let waitsFor: @Sendable () -> [String]
  private let write: @Sendable (inout MetricsText) -> Void

  package init(
    hosts: HostRule, waitsFor: @escaping @Sendable () -> [String],
    write: @escaping @Sendable (inout MetricsText) -> Void
  ) {
    self.hosts = hosts
    self.waitsFor = waitsFor
    self.write = write
  }

  package func respond(to request: Request) -> Response {
    do throws(Problem) {
      return try answer(request).secured()
    } catch {
      return error.response.secured()
    }
  }

  private func answer(_ request: Request) throws(Problem) -> Response {
    try request.checkForm()
    switch Route(request) {
    case .health(let probe): return probe.response(waitsFor: probe == .alive ? [] : waitsFor())
    case .metrics:
      try hosts.check(request)
      return .metrics(write)
    case .page, .explanation, .history, .indicator, .overview, .asset, .api, .notFound: throw .notFound
    }
  }
}

extension Response {
  /// The metrics that `write` writes, in Prometheus' text format.
  static func metrics(_ write: (inout MetricsText) -> Void) -> Response {
    var text = MetricsText()
    write(&text)
    return Response(200, MetricsText.contentType, Array(text.text.utf8))
  }
}
