import Contract
import Dashboard
import EventLog
import Glibc
import HTTPServer
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
  var page: PageSettings
  /// What explains numbers; nil for nothing.
  var explanations: ExplanationDesk?
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
    let (boardMetrics, requests, gauges) = (BoardMetrics(), RequestMetrics(), ServerGauges())
    let writeMetrics: @Sendable (inout MetricsText) -> Void = { [moreMetrics] text in
      requests.write(to: &text)
      gauges.write(to: &text)
      boardMetrics.write(board, to: &text)
      moreMetrics(&text)
    }
    let site = Site(
      board: board, events: hub, access: access, hosts: HostRule(for: address, more: hosts), rule: rule,
      page: page, explanations: explanations, requests: requests, waitsFor: moreToWaitFor,
      metrics: writeMetrics)
    let server = try Server(address) { site.respond(to: $0) }
    gauges.watch(server)
    let metricsServer = try metricsAddress.map {
      try MetricsEndpoint.start(
        at: $0, waitsFor: { [moreToWaitFor] in board.waitsFor + moreToWaitFor() }, writeMetrics)
    }
    background.start("view") { [log, open] in
      try board.follow(
        // With the aggregator's own, which wakes its readers at once.
        { (generation) throws(LogError) in generation == log.generation ? log : try open(generation) },
        until: { stop.isStopped },
        changed: { publications in
          let now = Wall.now
          boardMetrics.take(publications, now: Double(now.seconds) + Double(now.nanos) * 1e-9)
          hub.take(publications)
        }, report: { console.log(.warning, $0) })
    }
    background.start("names") { [log, page] in
      page.partners.follow(log, until: { stop.isStopped }, report: { console.log(.warning, $0) })
    }
    background.start("events") { hub.run { stop.isStopped } }
    if let explanations { background.start("explanations") { explanations.run { stop.isStopped } } }
    return RunningService(server: server, metrics: metricsServer)
  }

  /// A connection is a descriptor, and the usual limit is small.
  private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 1 << 16)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
