import HTTPServer
import Topology

/// `run`
struct RunCommand: Command {
  var log = LogSettings()
  var catalog = CatalogSettings()
  var untilEnd = false
  var stateDirectory: String?
  var threads = 1
  var application = AggregatorOptions().application
  var instanceID: String?
  var checkpointInterval = 60.0
  var metricsAddress: ListenAddress?

  static let words = ["run"]
  static let summary = "the aggregator: events in, indicators out"
  static let description = """
    Reads the input topics, publishes the indicators, and goes on until SIGINT or SIGTERM. Several
    processes of one application share the partitions.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + CatalogSettings.options(\.catalog) + [
      .flag("until-end", "stop when all input that is present at the start is published", \.untilEnd),
      .value(
        "state-dir", "DIR",
        "where checkpoints are kept (default: FILE.db.state, partner-pulse.state for Kafka)",
        \.stateDirectory, .text),
      .value("threads", "N", "threads of each of the two stages (default: 1)", \.threads, .integer(1...1024)),
      .value(
        "application", "NAME",
        "consumer groups are named after it (default: \(AggregatorOptions().application))",
        \.application, .text),
      .value(
        "instance-id", "NAME", "this process's name in the application, for static membership", \.instanceID,
        .text),
      .value(
        "checkpoint-interval", "SECONDS", "from one checkpoint to the next (default: 60)",
        \.checkpointInterval,
        .seconds),
      .value(
        "metrics", "HOST:PORT", "where Prometheus finds /metrics, and orchestrators /healthz and /readyz",
        \.metricsAddress, .listenAddress),
    ]
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let catalog = try catalog.load()
    let eventLog = try log.open(console)
    let statePath = stateDirectory ?? log.defaultStateDirectory
    let state = try StateDirectory(path: statePath)
    let interruption = Interruption(console)
    let metrics = metricsAddress.map { _ in
      AggregatorMetrics(eventLog, application: application, stateDirectory: statePath)
    }
    let aggregator = Aggregator(
      log: metrics?.log ?? eventLog, catalog: catalog, state: state, options: aggregatorOptions,
      stopSignal: interruption.stop
    ) { console.log(.info, $0) }
    let background = BackgroundThreads(stop: interruption.stop)
    defer { background.stopAndWait() }
    let server = try startMetrics(metrics, aggregator, background, interruption.stop, console)
    defer { server?.stop() }
    console.log(.info, "aggregating \(log.place), \(counted(threads, "thread")) a stage")
    var bar = ProgressBar("reading", on: console)
    defer { bar.end() }
    defer { console.log(.info, aggregator.counts(of: .entity).summary) }
    try aggregator.run(untilEnd: untilEnd) { bar.update(done: $0.done, total: $0.total) }
    if untilEnd, interruption.hasHappened { throw Failure("interrupted before the end") }
    console.log(.info, untilEnd ? "all published" : "stopped")
  }

  private func startMetrics(
    _ metrics: AggregatorMetrics?, _ aggregator: Aggregator, _ background: BackgroundThreads,
    _ stop: StopSignal, _ console: Console
  ) throws -> Server? {
    guard let metricsAddress, let metrics else { return nil }
    let server = try MetricsEndpoint.start(at: metricsAddress) { metrics.write(aggregator, to: &$0) }
    metrics.start(background, stop)
    console.log(.info, "metrics on http://\(server.address)/metrics")
    return server
  }

  private var aggregatorOptions: AggregatorOptions {
    var options = AggregatorOptions()
    options.application = application
    options.threads = threads
    options.instanceID = instanceID
    options.checkpointInterval = Int64(checkpointInterval * 1000)
    return options
  }
}

extension LogSettings {
  /// Next to an embedded log, so that the two are moved or deleted together.
  var defaultStateDirectory: String { embeddedPath.map { "\($0).state" } ?? "partner-pulse.state" }
}

extension StageCounts {
  /// One line: how many events this process took in, and what became of those that do not count.
  fileprivate var summary: String {
    let reasons = refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(counted(records, "event")), \(refused.values.reduce(0, +)) refused"
      + (reasons.isEmpty ? "" : " (\(reasons))") + ", \(expired) expired"
  }
}
