import Contract
import EventLog
import Indicators
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `recompute`
struct RecomputeCommand: Command {
  var log = LogSettings()
  var catalog = CatalogSettings()
  var aggregator = AggregatorSettings()
  var output = OutputSettings()
  var mustCompare = false
  var mustNotSwitch = false
  var untilEnd = false

  static let words = ["recompute"]
  static let summary = "replay the input into a new result, then switch to it"
  static let description = """
    Computes everything from the beginning of the input into the topics of a new generation, while the served
    one keeps running. When the new one has caught up, readers are switched to it, and this process continues
    as its aggregator until SIGINT or SIGTERM. Several processes share the work.

    Run it again to resume a generation that was started but is not served yet. The old generation is kept,
    and `recompute switch --generation N` switches back to it, until `recompute drop` deletes it.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + CatalogSettings.options(\.catalog)
      + AggregatorSettings.options(\.aggregator) + OutputSettings.options(\.output) + [
        .value(
          "generation", "N", "the generation to start or resume, even if it is already served",
          \.log.generation, .generation),
        .flag(
          "compare",
          "after catching up, print the differences from the served result and switch only if there are none",
          \.mustCompare),
        .flag("no-switch", "do not switch readers; use `recompute switch` later", \.mustNotSwitch),
        .flag(
          "until-end", "stop after catching up and switching, instead of continuing as the aggregator",
          \.untilEnd),
      ]
  }

  func check() throws(UsageError) {
    try log.check()
    try output.check()
  }

  func run(_ console: Console) throws {
    let catalog = try catalog.load()
    let plan = try output.plan()
    try plan.checkRegistry()
    let (newLog, options) = try begin(catalog, plan, console)
    let interruption = Interruption(console)
    let background = BackgroundThreads(stop: interruption.stop)
    defer { background.stopAndWait() }
    let endpoint = try AggregatorEndpoint(at: aggregator.metricsAddress, console)
    defer { endpoint.stop() }
    let service = try aggregator.makeService(on: newLog, of: log, catalog, options, background, console)
    endpoint.watch(service)
    background.start("aggregator") { try service.aggregator.run(untilEnd: false) }
    var isEqual = true
    if try catchUp(newLog, interruption.stop, console) {
      isEqual = try finish(newLog, interruption.stop, console)
      if !untilEnd { interruption.stop.wait() }
    }
    background.stopAndWait()
    try background.check()
    console.log(.info, service.aggregator.counts(of: .entity).summary)
    if untilEnd, interruption.hasHappened { throw Failure("interrupted before the end") }
    if !isEqual { throw Failure("the results differ") }
  }

  /// Records the generation before its first output is written, and creates its topics. Can be repeated at any time.
  private func begin(
    _ catalog: Catalog, _ plan: OutputPlan, _ console: Console
  ) throws -> (any EventLog, OutputOptions) {
    try log.checkExists()
    let first = try log.openOrCreate(console)
    let inputs = try PartitionCounts(checking: first, Topic.inputs)
    let partitions = inputs[Topic.inputs[0]]
    // The outputs of the new generation get as many partitions as the inputs.
    let definition = plan.apply(to: inputs.definition(catalog, outputPartitions: partitions))
    let generations = try first.makeGenerations(partitions: partitions)
    let (record, isNew) = try generations.toRecompute(
      log.generation, application: aggregator.application.name, definition)
    guard let generation = Generation(record.number) else {
      throw Failure("there is no unused generation number")
    }
    let options = try plan.options(of: generation, prefix: log.topicPrefix ?? "")
    if isNew {
      try first.requireWholeHistory(partitions: partitions)
      try first.describe(record)
    }
    let newLog = try log.connect(.writing, generation, console)
    try newLog.createTopics(newLog.topicsOfGeneration, partitions: partitions)
    console.log(
      .info,
      "\(isNew ? "recomputing" : "resuming") \(log.place) as \(generation); "
        + "\(generations.served) is served")
    return (newLog, options)
  }

  private func catchUp(_ newLog: any EventLog, _ stop: StopSignal, _ console: Console) throws -> Bool {
    var bar = ProgressBar("\(newLog.generation)", on: console, isLogged: true)
    defer { bar.end() }
    let catchUp = CatchUp(log: newLog, application: aggregator.application.name, stop: stop)
    return try catchUp.wait { bar.update(done: $0.done, total: $0.total) }
  }

  /// Compares and switches, as requested. Returns false if the results differ.
  private func finish(
    _ newLog: any EventLog, _ stop: StopSignal, _ console: Console
  ) throws -> Bool {
    console.log(.info, "\(newLog.generation) has caught up")
    // Another process of this recompute may have switched already.
    let served = try GenerationReader(newLog).generations.served
    guard served < newLog.generation else { return true }
    let application = aggregator.application.name
    if mustCompare {
      let comparison = try ResultComparison(
        (try log.connect(.reading, served, console), application), (newLog, application), stop: stop)
      let found = try comparison.run()
      try console.report(found)
      guard found.differences.isEmpty else {
        console.log(.warning, "not switched; use `recompute switch` to switch anyway")
        return false
      }
    }
    guard !mustNotSwitch else { return true }
    try newLog.serve(newLog.generation, computedBy: application)
    console.log(.info, "\(newLog.generation) is served; \(served) is kept until it is dropped")
    return true
  }
}

extension RecomputeCommand: CheckedCommand {
  var needs: CommandNeeds {
    CommandNeeds(
      log: log, catalog: catalog, continues: false, topics: Topic.inputs + [.generations],
      reads: Topic.inputs,
      places: aggregator.stateDirectory.map { [("state-dir", $0)] } ?? [], output: output)
  }
}
