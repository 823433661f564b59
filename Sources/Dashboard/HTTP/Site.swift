import Glibc
import HTTPServer
import SnapshotView

/// Everything under one address: who may ask, and what answers. Called on the server's thread, and never waits.
package final class Site: Sendable {
  private let board: PublicationBoard
  private let events: EventHub
  private let access: AccessControl
  private let hosts: HostRule
  private let rule: RangeRule
  private let page: PageHandler
  private let names: PageSettings
  private let explanations: ExplanationDesk?
  private let requests: RequestMetrics
  private let waitsFor: @Sendable () -> [String]
  private let metrics: @Sendable (inout MetricsText) -> Void

  /// `waitsFor` tells what else /readyz waits for, and `metrics` writes what Prometheus gets; without `explanations` nothing
  /// is explained.
  package init(
    board: PublicationBoard, events: EventHub, access: AccessControl, hosts: HostRule, rule: RangeRule,
    page: PageSettings = PageSettings(), explanations: ExplanationDesk? = nil, requests: RequestMetrics,
    waitsFor: @escaping @Sendable () -> [String] = { [] },
    metrics: @escaping @Sendable (inout MetricsText) -> Void
  ) {
    self.board = board
    self.events = events
    self.access = access
    self.hosts = hosts
    self.rule = rule
    names = page
    self.page = PageHandler(page, rule, explanations)
    self.explanations = explanations
    self.requests = requests
    self.waitsFor = waitsFor
    self.metrics = metrics
  }

  package func respond(to request: Request) -> Response {
    let start = ContinuousClock.now
    let route = Route(request)
    let response: Response
    do throws(Problem) {
      response = try answer(request, route)
    } catch {
      response = (route.isPage ? page.refusal(request, error) : nil) ?? error.response
    }
    requests.count(route.name, status: response.status, after: ContinuousClock.now - start)
    return response.compressed(for: request).secured()
  }

  private func answer(_ request: Request, _ route: Route) throws(Problem) -> Response {
    try request.checkForm()
    if case .health(let probe) = route { return probe.response(waitsFor: board.waitsFor + waitsFor()) }
    try hosts.check(request)
    switch route {
    case .notFound: throw .notFound
    case .asset:
      guard let asset = page.asset(request) else { throw .notFound }
      return asset
    default: break
    }
    let viewer = try viewer(of: request)
    switch route {
    case .metrics:
      guard viewer.isAdministrator else {
        throw Problem(status: 403, detail: "metrics are for administrators")
      }
      return .metrics(metrics)
    case .api(let resource):
      guard board.isCaughtUp else {
        throw Problem(
          status: 503, detail: "the result is still being read", headers: [("Retry-After", "5")])
      }
      let api = API(
        request: request, viewer: viewer, board: board, events: events, rule: rule.seen(by: viewer),
        explanations: explanations, names: names)
      return try api.answer(resource)
    case .page: return try page.page(request, viewer, reading: board.progress) { board.read($0) }
    case .indicator: return try page.indicator(request, viewer) { board.read($0) }
    case .overview: return try page.overview(request, viewer) { board.read($0) }
    case .explanation: return try page.explanation(request, viewer) { board.read($0) }
    case .asset, .health, .notFound: throw .notFound
    }
  }

  private func viewer(of request: Request) throws(Problem) -> Viewer {
    do throws(AccessRefusal) {
      return try access.viewer(of: request, now: Int64(time(nil)))
    } catch {
      throw error.problem
    }
  }
}
