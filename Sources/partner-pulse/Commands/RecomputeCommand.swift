import Contract
import EventLog
import Indicators
import SQLiteLog
import SnapshotView
import Topology

/// `recompute`
struct RecomputeCommand: Command {
  var log = LogSettings()
  var catalog = CatalogSettings()
  var aggregator = AggregatorSettings()
  var mustCompare = false
  var mustNotSwitch = false
  var untilEnd = false

  static let words = ["recompute"]
  static let summary = "replay the input into a fresh result, then switch over"
  static let description = """
    Computes all from the beginning of the input, into topics of another generation, while the one that is
    served goes on. When the new one has caught up, readers are switched over to it, and this process goes
    on with it until SIGINT or SIGTERM: it is the aggregator then. Several processes share the work.

    Started again, it goes on with a generation that was begun and is not served. The old one stays, and
    `recompute switch --generation N` goes back to it, until `recompute drop` deletes it.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + CatalogSettings.options(\.catalog)
      + AggregatorSettings.options(\.aggregator) + [
        .value(
          "generation", "N", "the generation to begin, or to go on with, also once it is served",
          \.log.generation, .generation),
        .flag(
          "compare",
          "print what differs from the served result when caught up, and switch only if nothing does",
          \.mustCompare),
        .flag("no-switch", "leave switching over to `recompute switch`", \.mustNotSwitch),
        .flag("until-end", "stop when caught up (and switched over), and do not go on", \.untilEnd),
      ]
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let catalog = try catalog.load()
    let own = try begin(catalog, console)
    let interruption = Interruption(console)
    let background = BackgroundThreads(stop: interruption.stop)
    defer { background.stopAndWait() }
    let endpoint = try AggregatorEndpoint(at: aggregator.metricsAddress, console)
    defer { endpoint.stop() }
    let service = try aggregator.makeService(on: own, of: log, catalog, background, console)
    endpoint.tell(of: service)
    background.start("aggregator") { try service.aggregator.run(untilEnd: false) }
    var isEqual = true
    if try catchUp(own, interruption.stop, console) {
      isEqual = try finish(own, interruption.stop, console)
      if !untilEnd { while !interruption.stop.isStopped { pause(.milliseconds(50)) } }
    }
    background.stopAndWait()
    try background.check()
    console.log(.info, service.aggregator.counts(of: .entity).summary)
    if untilEnd, interruption.hasHappened { throw Failure("interrupted before the end") }
    if !isEqual { throw Failure("the results differ") }
  }

  /// Writes down which generation it is, before anything of it is there, and makes its topics. May be done again at any
  /// time.
  private func begin(_ catalog: Catalog, _ console: Console) throws -> any EventLog {
    try log.checkExists()
    let first = try log.openOrMake(console)
    let inputs = try PartitionCounts(checking: first, Topic.inputs)
    let partitions = inputs[Topic.inputs[0]]
    // The outputs of the new generation get as many.
    let definition = inputs.definition(catalog, outputPartitions: partitions)
    let generations = try first.makeGenerations(partitions: partitions)
    let (record, isNew) = try generations.toRecompute(
      log.generation, application: aggregator.application.name, definition)
    guard let generation = Generation(record.number) else { throw Failure("no number is left") }
    if isNew {
      try first.requireWholeHistory(partitions: partitions)
      try first.describe(record)
    }
    let own = try log.connect(.writing, generation, console)
    try own.createTopics(own.topicsOfGeneration, partitions: partitions)
    console.log(
      .info,
      "\(isNew ? "recomputing" : "going on with") \(log.place) as \(generation); "
        + "\(generations.served) is served")
    return own
  }

  private func catchUp(_ own: any EventLog, _ stop: StopSignal, _ console: Console) throws -> Bool {
    var bar = ProgressBar("\(own.generation)", on: console, isLogged: true)
    defer { bar.end() }
    let catchUp = CatchUp(log: own, application: aggregator.application.name, stop: stop)
    return try catchUp.wait { bar.update(done: $0.done, total: $0.total) }
  }

  /// Compares and switches over, as wanted. Returns whether it found nothing that differs.
  private func finish(
    _ own: any EventLog, _ stop: StopSignal, _ console: Console
  ) throws -> Bool {
    console.log(.info, "\(own.generation) has caught up")
    // Another process of this recompute may have been faster.
    let served = try GenerationReader(own).generations.served
    guard served < own.generation else { return true }
    let application = aggregator.application.name
    if mustCompare {
      let comparison = try ResultComparison(
        (try log.connect(.reading, served, console), application), (own, application), stop: stop)
      let found = try comparison.run()
      try console.report(found)
      guard found.differences.isEmpty else {
        console.log(.warning, "not switched over; `recompute switch` does it all the same")
        return false
      }
    }
    guard !mustNotSwitch else { return true }
    try own.serve(own.generation, computedBy: application)
    console.log(.info, "\(own.generation) is served; \(served) is kept until it is dropped")
    return true
  }
}
