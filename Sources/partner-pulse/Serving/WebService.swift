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

/// The page, the API, and the threads that keep their data up to date.
struct WebService {
  var log: any EventLog
  /// Opens the same log with the outputs of another generation.
  var open: @Sendable (Generation) throws(LogError) -> any EventLog
  var access: AccessControl
  var hosts: [String] = []
  var rule: RangeRule
  var limits = ServerLimits()
  var clientLimits = ClientLimits()
  var origins = OriginSettings()
  /// The access log; nil for none.
  var accessLog: LineFile?
  var page: PageSettings
  /// Nil if numbers are not explained.
  var explanations: ExplanationService?
  /// The address of /metrics and the health checks without a token; nil for none.
  var metricsAddress: ListenAddress?
  /// What else the service waits for before it is ready, a line for each.
  var moreToWaitFor: @Sendable () -> [String] = { [] }
  /// Writes further metrics.
  var moreMetrics: @Sendable (inout MetricsText) -> Void = { _ in }

  /// Starts the servers, and their threads on `background`. The servers must be stopped before these threads.
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
        // For the aggregator's generation its own log, which wakes readers immediately after a commit.
        { (generation) throws(LogError) in generation == log.generation ? log : try open(generation) },
        until: stop,
        changed: { publications in
          let now = WallClock.now
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

  /// Raises the limit of open files, since each connection needs a descriptor and the default is small.
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

  /// Ends event streams, finishes running requests, and closes all connections. Blocks.
  func stop() {
    server.stop()
    metrics?.stop()
    // Last, so that it has the lines of all responses.
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
