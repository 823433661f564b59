import Contract
import EventLog
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `run`
struct RunCommand: Command {
  var log = LogSettings()
  var catalog = CatalogSettings()
  var aggregator = AggregatorSettings()
  var output = OutputSettings()
  var untilEnd = false

  static let words = ["run"]
  static let summary = "run the aggregator: read events and publish indicators"
  static let description = """
    Reads the input topics and publishes the indicators until SIGINT or SIGTERM. Several processes of one
    application share the partitions. It computes the generation that is served at startup, unless
    --generation names another one.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [LogSettings.generationOption(\.log)] + CatalogSettings.options(\.catalog)
      + AggregatorSettings.options(\.aggregator) + OutputSettings.options(\.output) + [
        .flag(
          "until-end", "stop when the result of all input present at startup is published", \.untilEnd)
      ]
  }

  func check() throws(UsageError) {
    try log.check()
    try output.check()
  }

  func run(_ console: Console) throws {
    let catalog = try catalog.load()
    let plan = try output.plan()
    let interruption = Interruption(console)
    let background = BackgroundThreads(stop: interruption.stop)
    defer { background.stopAndWait() }
    let endpoint = try AggregatorEndpoint(at: aggregator.metricsAddress, console)
    defer { endpoint.stop() }
    func open() throws -> (any EventLog, OutputOptions) {
      try plan.checkRegistry()
      let (eventLog, generations) = try log.openWithGenerations(.writing, console)
      let definition = plan.apply(to: try PartitionCounts(checking: eventLog).definition(catalog))
      // Before schemas are registered, since it may refuse to run.
      try generations.check(eventLog.generation, definition)
      let options = try plan.options(of: eventLog.generation, prefix: log.topicPrefix ?? "")
      try eventLog.begin(definition, computedBy: aggregator.application.name)
      return (eventLog, options)
    }
    let opened = untilEnd ? try open() : try log.retrying(until: interruption.stop, console, open)
    guard let (eventLog, options) = opened else { return console.log(.info, "stopped") }
    let service = try aggregator.makeService(on: eventLog, of: log, catalog, options, background, console)
    endpoint.watch(service)
    console.log(
      .info,
      "aggregating \(log.place), \(eventLog.generation), \(counted(aggregator.threads, "thread")) per stage")
    var bar = ProgressBar("reading", on: console)
    defer { bar.end() }
    defer { console.log(.info, service.aggregator.counts(of: .entity).summary) }
    try service.aggregator.run(untilEnd: untilEnd) { bar.update(done: $0.done, total: $0.total) }
    if untilEnd, interruption.hasHappened { throw Failure("interrupted before the end") }
    console.log(.info, untilEnd ? "all results published" : "stopped")
  }
}

extension RunCommand: CheckedCommand {
  var needs: CommandNeeds {
    CommandNeeds(
      log: log, catalog: catalog, computes: true, topics: Topic.allCases,
      reads: Topic.inputs + [.partnerPartials, .taskCheckpoints],
      groups: { [application = aggregator.application.name] generation in
        Stage.all.map { $0.group(of: application, in: generation) }
      },
      places: [
        (
          "state-dir",
          log.stateDirectory(
            aggregator.stateDirectory, of: aggregator.application.name, for: log.generation ?? .first)
        )
      ], output: output)
  }
}
