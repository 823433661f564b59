import Contract
import Dashboard
import EventLog
import Glibc
import HTTPServer
import Indicators
import Metrics
import Platform
import SnapshotView
import Topology

/// The page, the API and what feeds them.
struct WebService {
  var log: any EventLog
  /// Gives the same log in another generation.
  var open: @Sendable (Generation) throws(LogError) -> any EventLog
  var access: AccessControl
  var hosts: [String] = []
  var rule: RangeRule
  var limits = ServerLimits()
  var clientLimits = ClientLimits()
  var origins = OriginSettings()
  /// Where who has seen whose numbers is written; nil for nowhere.
  var accessLog: LineFile?
  var page: PageSettings
  /// What explains numbers; nil for nothing.
  var explanations: ExplanationService?
  /// The address of /metrics without a token; nil for none.
  var metricsAddress: ListenAddress?
  /// What else must be available before the service is ready.
  var moreToWaitFor: @Sendable () -> [String] = { [] }
  /// Writes what else is to be found under /metrics.
  var moreMetrics: @Sendable (inout MetricsText) -> Void = { _ in }

  /// Starts it; what it needs runs on `background`. The servers are to be stopped before.
  func start(
    at address: ListenAddress, _ background: BackgroundThreads, _ console: Console
  ) throws -> RunningService {
    raiseDescriptorLimit()
    let stop = background.stop
    let board = PublicationBoard()
    let hub = EventHub(board: board, names: page)
    let (viewMetrics, requests, connections) = (ViewMetrics(), RequestMetrics(), ServerMetrics())
    let writeMetrics: @Sendable (inout MetricsText) -> Void = { [access, accessLog, moreMetrics] text in
      requests.write(to: &text)
      connections.write(to: &text)
      viewMetrics.write(board.status, to: &text)
      access.write(to: &text)
      accessLog?.write(to: &text)
      moreMetrics(&text)
    }
    let site = Site(
      board: board, events: hub, access: access, hosts: HostRule(for: address, more: hosts), rule: rule,
      limits: clientLimits, origins: origins, accessLog: accessLog.map { AccessLog($0) }, page: page,
      explanations: explanations, requests: requests,
      waitsFor: { [access, moreToWaitFor] in access.waitsFor + moreToWaitFor() },
      metrics: writeMetrics)
    let server = try Server(address, limits: limits, isEssential: Site.isEssential) { site.respond(to: $0) }
    connections.watch(server)
    accessLog?.start()
    let metricsServer = try metricsAddress.map {
      try MetricsEndpoint.start(
        at: $0, waitsFor: { [access, moreToWaitFor] in board.waitsFor + access.waitsFor + moreToWaitFor() },
        writeMetrics)
    }
    background.start("view") { [log, open] in
      try board.follow(
        // With the aggregator's own, which wakes its readers at once.
        { (generation) throws(LogError) in generation == log.generation ? log : try open(generation) },
        until: stop,
        changed: { publications in
          let now = Wall.now
          viewMetrics.take(publications, now: Double(now.seconds) + Double(now.nanos) * 1e-9)
          hub.take(publications)
        }, report: { console.log(.warning, $0) })
    }
    background.start("names") { [log, page] in
      page.partners.follow(log, until: stop, report: { console.log(.warning, $0) })
    }
    if case .tokens(let tokens) = access { background.start("keys") { tokens.run(until: stop) } }
    background.start("events") { hub.run(until: stop) }
    if let explanations { background.start("explanations") { explanations.run(until: stop) } }
    return RunningService(server: server, metrics: metricsServer, accessLog: accessLog)
  }

  /// A connection is a descriptor, and the usual limit is small.
  private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 1 << 16)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

/// The servers of a web service.
struct RunningService {
  let server: Server
  let metrics: Server?
  let accessLog: LineFile?

  /// Ends streams, finishes what is being answered, and closes all connections. Blocks.
  func stop() {
    server.stop()
    metrics?.stop()
    // The servers have told it of all that they have answered.
    accessLog?.stop()
  }
}

extension PageSettings {
  /// The names and the currency of a catalog.
  init(_ catalog: Catalog) {
    var names = DisplayNames()
    for product in catalog.products {
      names.add(
        product: product.id, name: product.name, workloads: product.workloads.map { ($0.id, $0.name) })
    }
    self.init(names: names, currency: catalog.reportingCurrency)
  }
}
