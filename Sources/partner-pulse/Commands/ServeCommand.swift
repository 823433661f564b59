import Contract
import Dashboard
import EventLog
import FactStore
import HTTPServer
import Indicators
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `serve`
struct ServeCommand: Command {
  var log = LogSettings()
  var catalog = CatalogSettings()
  var listen = ListenSettings()
  var access = AccessSettings()
  var output = OutputSettings()
  var factStore = FactStoreSettings()
  var limits = LimitSettings()
  var metricsAddress: ListenAddress?
  var mustNotRun = false

  static let words = ["serve"]
  static let summary = "serve the page and the API from a log"
  static let description = """
    Serves the page, the API (/api/v1/), /healthz, /readyz and /metrics until SIGINT or SIGTERM. On a SQLite
    log it also runs the aggregator, unless --no-run is given. Without --jwks or --jwks-url, everyone on this
    machine can see all partners, and other machines cannot connect. When another generation becomes the
    served one (see `recompute`), all clients are switched to it.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + CatalogSettings.options(\.catalog) + ListenSettings.options(\.listen)
      + AccessSettings.options(\.access) + LimitSettings.options(\.limits)
      + FactStoreSettings.options(\.factStore) + OutputSettings.options(\.output) + [
        .value(
          "metrics", "HOST:PORT", "address for /metrics, /healthz and /readyz without a token",
          \.metricsAddress, .listenAddress),
        .flag("no-run", "do not run the aggregator in this process", \.mustNotRun),
      ]
  }

  /// Explains from the fact store once that has all events; before that, or without one, from the log.
  private func explanations(
    of eventLog: any EventLog, _ catalog: Catalog, _ definition: ResultDefinition,
    _ background: BackgroundThreads, _ console: Console
  ) throws -> ExplanationService {
    let reader = FactReader(log: eventLog, catalog: catalog)
    guard let (first, facts) = try factStore.open(eventLog, catalog, console) else {
      return ExplanationService(
        eventLog, definition, reader, jobsPerClient: limits.client.explanations)
    }
    let source = FilledFacts(facts, before: reader)
    background.start("facts") { [factStore, stop = background.stop] in
      var opened: FactFollower? = first
      do throws(LogError) {
        try followRetrying(until: stop, report: { console.log(.warning, "fact store: \($0)") }) {
          () throws(LogError) in
          if opened == nil { opened = try factStore.open(eventLog, catalog, console)?.follower }
          let follower = opened
          opened = nil
          guard let follower, try follower.catchUp(until: { stop.isStopped }) else { return }
          source.setFilled(true)
          console.log(.info, "the fact store has all events")
          try follower.follow { stop.isStopped }
        }
      } catch {
        // The server works without the fact store.
        source.setFilled(false)
        console.log(.warning, "fact store: \(error); explanations are read from the log")
      }
    }
    return ExplanationService(
      eventLog, definition, source, jobsPerClient: limits.client.explanations, isQuick: { source.hasAll })
  }

  private var address: ListenAddress { listen.address ?? ListenSettings.defaultAddress }

  func check() throws(UsageError) {
    try log.check()
    try access.check(address)
    try output.check()
    guard isAggregating || !output.isGiven else {
      throw UsageError(
        "\(output.format == .protobuf ? "--schema-registry" : "--output-format") is only for commands that compute "
          + "the result: `run`, or `serve` on a SQLite file without --no-run; a reader accepts every format"
      )
    }
  }

  private var isAggregating: Bool { log.sqlitePath != nil && !mustNotRun }

  func run(_ console: Console) throws {
    let control = try access.makeControl(console)
    let accessLog = try access.makeLog(console)
    let catalog = try catalog.load()
    let plan = try output.plan()
    let logAccess: LogSettings.Access = isAggregating ? .writing : .reading
    let interruption = Interruption(console)
    let opened = try log.retrying(until: interruption.stop, console) {
      try plan.checkRegistry()
      let (eventLog, generations) = try log.openWithGenerations(logAccess, console)
      let definition =
        isAggregating
        ? plan.apply(to: try PartitionCounts(checking: eventLog).definition(catalog))
        : try PartitionCounts(of: eventLog, Topic.inputs).readersDefinition(catalog)
      try generations.check(eventLog.generation, definition)
      let options = try plan.options(of: eventLog.generation, prefix: log.topicPrefix ?? "")
      return (eventLog, definition, options)
    }
    guard let (eventLog, definition, options) = opened else { return console.log(.info, "stopped") }
    let background = BackgroundThreads(stop: interruption.stop)
    defer { background.stopAndWait() }
    var service = WebService(
      log: eventLog,
      open: { [log] (generation) throws(LogError) in
        let opened = try log.connect(logAccess, generation, console)
        do {
          try GenerationReader(opened).generations.check(generation, definition.inAnyFormat)
        } catch let error as GenerationRefusal {
          console.log(
            .warning, "\(error); restart `serve` to update names and to explain numbers again")
        } catch let error as LogError {
          throw error
        } catch {}
        return opened
      },
      access: control, hosts: access.hosts, rule: access.rule, page: PageSettings(catalog))
    (service.limits, service.clientLimits) = (limits.server, limits.client)
    service.page.signIn = access.signIn
    service.origins = access.origins
    service.accessLog = accessLog
    service.metricsAddress = metricsAddress
    service.explanations = try explanations(
      of: eventLog, catalog, definition.inAnyFormat, background, console)
    if isAggregating {
      try eventLog.begin(definition, computedBy: AggregatorSettings().application.name)
      let aggregator = AggregatorService(
        AggregatorSettings(), log: eventLog, catalog: catalog,
        state: try StateDirectory(
          path: log.stateDirectory(
            nil, of: AggregatorSettings().application.name, for: eventLog.generation)),
        output: options, isMeasured: true, stop: interruption.stop, console)
      aggregator.start(background)
      service.moreMetrics = aggregator.writeMetrics
      service.moreToWaitFor = aggregator.waitsFor
    }
    let running = try service.start(at: address, background, console)
    console.log(.info, "serving \(log.place) on http://\(running.server.address)/")
    if let metrics = running.metrics { console.log(.info, "metrics on http://\(metrics.address)/metrics") }
    interruption.stop.wait()
    running.stop()
    background.stopAndWait()
    try background.check()
    console.log(.info, "stopped")
  }
}

extension ServeCommand: CheckedCommand {
  var needs: CommandNeeds {
    let results: [Topic] = [.indicatorSnapshots, .indicatorScales, .generations]
    return CommandNeeds(
      log: log, catalog: catalog, computes: isAggregating,
      topics: isAggregating ? Topic.allCases : Topic.inputs + results, reads: Topic.inputs + results,
      places: [("fact-store", factStore.path), ("access-log", access.logFile == "-" ? nil : access.logFile)]
        .compactMap { option, path in path.map { (option, $0) } },
      keys: access.keys, output: isAggregating ? output : nil)
  }
}
