import Glibc
import HTTPServer
import Metrics
import SnapshotView

/// The web service: checks each request, and routes it to a page or the API. Called on the server's thread; never blocks.
package final class Site: Sendable {
  private let board: PublicationBoard
  private let events: EventHub
  private let access: AccessControl
  private let hosts: HostRule
  private let rule: RangeRule
  private let streams: StreamQuota
  private let origins: OriginSettings
  private let accessLog: AccessLog?
  private let ids = RequestIDs()
  private let page: PageHandler
  private let names: PageSettings
  private let explanations: ExplanationService?
  private let requests: RequestMetrics
  private let waitsFor: @Sendable () -> [String]
  private let metrics: @Sendable (inout MetricsText) -> Void

  /// `waitsFor` returns what else /readyz waits for, `metrics` writes the metrics; without `explanations` nothing is explained.
  package init(
    board: PublicationBoard, events: EventHub, access: AccessControl, hosts: HostRule, rule: RangeRule,
    limits: ClientLimits = ClientLimits(),
    origins: OriginSettings = OriginSettings(), accessLog: AccessLog? = nil,
    page: PageSettings = PageSettings(),
    explanations: ExplanationService? = nil, requests: RequestMetrics,
    waitsFor: @escaping @Sendable () -> [String] = { [] },
    metrics: @escaping @Sendable (inout MetricsText) -> Void
  ) {
    self.board = board
    self.events = events
    self.access = access
    self.hosts = hosts
    self.rule = rule
    streams = StreamQuota(limits.streams)
    (self.origins, self.accessLog) = (origins, accessLog)
    names = page
    self.page = PageHandler(page, rule, explanations)
    self.explanations = explanations
    self.requests = requests
    self.waitsFor = waitsFor
    self.metrics = metrics
  }

  /// Whether a request is handled even if there are too many connections: health checks and metrics.
  package static func isEssential(_ request: Request) -> Bool {
    switch Route(request) {
    case .health, .metrics: true
    case .page, .explanation, .history, .indicator, .overview, .asset, .api, .notFound: false
    }
  }

  package func respond(to request: Request) -> Response {
    let start = ContinuousClock.now
    let route = Route(request)
    var access = AccessRecord(request, id: ids.next())
    var response: Response
    do throws(Problem) {
      response = try answer(request, route, &access)
    } catch {
      response = (route.isPage ? page.refusal(request, error) : nil) ?? error.response
    }
    requests.count(route.name, status: response.status, after: ContinuousClock.now - start)
    response = response.compressed(for: request).secured(ancestors: origins.ancestors)
    if case .api = route { origins.allow(request, &response) }
    response.set("X-Request-Id", access.id)
    if let accessLog, route.isPersonal { accessLog.follow(&response, access) }
    return response
  }

  private func answer(
    _ request: Request, _ route: Route, _ access: inout AccessRecord
  ) throws(Problem) -> Response {
    if case .api = route, let preflight = origins.preflight(request) {
      try hosts.check(request)
      return preflight
    }
    try request.checkForm()
    if case .health(let probe) = route {
      return probe.response(waitsFor: probe == .alive ? [] : board.waitsFor + waitsFor())
    }
    try hosts.check(request)
    if case .none = self.access { try request.checkDirect() }
    switch route {
    case .notFound: throw .notFound
    case .asset:
      guard let asset = page.asset(request) else { throw .notFound }
      return asset
    default: break
    }
    let viewer = try viewer(of: request)
    access.viewer = viewer
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
        streams: streams, explanations: explanations, names: names)
      let response = try api.answer(resource)
      access.partnerID = resource.partnerID
      return response
    case .page:
      return try page.page(request, viewer, reading: board.progress) { board.read($0, of: \.report, &access) }
    case .indicator: return try page.indicator(request, viewer) { board.read($0, of: \.page.report, &access) }
    case .explanation:
      return try page.explanation(request, viewer) { board.read($0, of: \.page.report, &access) }
    case .history:
      return try page.history(request, viewer) { board.read($0, of: \.page.report, &access) }
    case .overview: return try page.overview(request, viewer) { board.read($0) }
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

extension PublicationBoard {
  /// Reads the view for a response, and notes for the access log whose report it shows.
  fileprivate func read<Data>(
    _ body: (SnapshotView) -> Data, of report: (Data) -> PartnerReport, _ access: inout AccessRecord
  ) -> Data {
    let data = read(body)
    let partnerID = report(data).partnerID
    access.partnerID = partnerID.isEmpty ? nil : partnerID
    return data
  }
}
