import Contract
import EventLog
import Glibc
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `forget`
struct ForgetCommand: Command {
  var log = LogSettings()
  var catalog = CatalogSettings()
  var aggregator = AggregatorSettings()
  var output = OutputSettings()
  var factStore = FactStoreSettings()
  var customers: [String] = []
  var persons: [String] = []
  var toPrefix: String?
  var partitions: Int32?

  static let words = ["forget"]
  static let summary = "erase all events of customers or persons, and what was computed from them"
  static let description = """
    On a SQLite log: deletes the events from the inputs, computes a new result from the others and serves it,
    deletes all older results with their checkpoints and rejected events, and the fact store, and rewrites the
    file. Stop `run` and other processes that use the file first. Give the --state-dir, --fact-store and
    --output-format that these had. Run it again if it was interrupted.

    On Kafka, where records cannot be deleted one by one: copies the inputs, without these events, to topics
    whose names begin with --to-prefix, like `topics copy`. Then start producers and processes with the new
    prefix, and delete all topics of the old one; until then the events are still there. docs/OPERATIONS.md
    has the steps, and says what else may hold the data.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + CatalogSettings.options(\.catalog)
      + AggregatorSettings.options(\.aggregator) + OutputSettings.options(\.output)
      + FactStoreSettings.options(\.factStore) + [
        .values("customer", "ID", "erase this customer's events; repeatable", \.customers, .text),
        .values("person", "ID", "erase this person's events; repeatable", \.persons, .text),
        .value("to-prefix", "P", "prefix of the new topics; Kafka only", \.toPrefix, .anyText),
        .value(
          "partitions", "N", "number of partitions of each new topic; Kafka only (default: as many as now)",
          \.partitions, .integer(1...4096)),
      ]
  }

  private var forgotten: ForgottenEntities { ForgottenEntities(customers: customers, persons: persons) }

  func check() throws(UsageError) {
    try log.check()
    try output.check()
    guard !forgotten.isEmpty else { throw UsageError("--customer or --person is missing") }
    guard log.bootstrapServers == nil else {
      guard toPrefix != nil else {
        throw UsageError("--to-prefix is missing: on Kafka the other events are copied to new topics")
      }
      return try copy(to: 1).check()
    }
    guard toPrefix == nil, partitions == nil else {
      throw UsageError("--to-prefix and --partitions need --bootstrap-servers")
    }
  }

  func run(_ console: Console) throws {
    if log.bootstrapServers == nil { try eraseFromFile(console) } else { try copyWithout(console) }
  }

  // MARK: Kafka

  private func copy(to partitions: Int32) -> TopicsCopyCommand {
    var copy = TopicsCopyCommand()
    copy.log = log
    copy.toPrefix = toPrefix
    copy.partitions = partitions
    copy.forgotten = forgotten
    return copy
  }

  private func copyWithout(_ console: Console) throws {
    let source = try log.connect(.reading, .first, console)
    let count = try PartitionCounts(of: source, Topic.inputs)[Topic.inputs[0]]
    try copy(to: partitions ?? count).run(console)
    console.log(
      .info,
      "the topics that begin with '\(toPrefix ?? "")' are without these events; those that begin with "
        + "'\(log.topicPrefix ?? "")' have them until they are deleted")
  }

  // MARK: SQLite

  private func eraseFromFile(_ console: Console) throws {
    // Fails before anything is erased if what the computation needs is missing.
    _ = try catalog.load()
    try output.plan().checkRegistry()
    let erased = try eraseInputs()
    console.log(.info, "\(counted(erased, "event")) erased from the inputs")
    // Results that were started earlier may include the events.
    try dropResults(console)
    var recompute = RecomputeCommand()
    (recompute.log, recompute.catalog, recompute.aggregator) = (log, catalog, aggregator)
    recompute.output = output
    recompute.untilEnd = true
    try recompute.run(console)
    try dropResults(console)
    try removeFactStore(console)
    guard let file = try log.openOrCreate(console) as? SQLiteLog else { return }
    try file.rewrite()
    console.log(.info, "\(log.place) no longer contains any of their data")
  }

  private func eraseInputs() throws -> Int {
    try log.checkExists()
    let file = try SQLiteLog(path: log.sqlitePath ?? "", access: .writing)
    let forgotten = forgotten
    var found: [(partition: TopicPartition, offset: Int64)] = []
    _ = try file.readAll(Topic.inputs, until: { false }) { records in
      for record in records where forgotten.contains(record) {
        found.append((record.topicPartition, record.offset))
      }
    }
    try file.erase(found)
    return found.count
  }

  /// Deletes all results but the served one, and the checkpoints of all deleted ones.
  private func dropResults(_ console: Console) throws {
    let generations = try log.openWithGenerations(.reading, console).generations
    for generation in generations.kept where generation != generations.served {
      var drop = RecomputeDropCommand()
      drop.log = log
      drop.application = aggregator.application
      drop.generation = generation
      try drop.run(console)
    }
    // Also of generations that were dropped earlier.
    var generation = Generation.first
    while generation < generations.served {
      try removeCheckpoints(of: generation, console)
      generation = generation.next
    }
  }

  private func removeCheckpoints(of generation: Generation, _ console: Console) throws {
    let application = aggregator.application.name
    let directory = log.stateDirectory(aggregator.stateDirectory, of: application, for: generation)
    guard fileExists(directory) else { return }
    // Locks the directory, so that no process writes checkpoints meanwhile.
    let state = try StateDirectory(path: directory)
    try withExtendedLifetime(state) {
      let checkpoints = try filesInDirectory(directory).filter { $0.contains(".checkpoint") }
      try removeFiles(checkpoints.map { "\(directory)/\($0)" })
    }
    console.log(.info, "the checkpoints in \(directory) are deleted")
  }

  private func removeFactStore(_ console: Console) throws {
    guard let path = factStore.path else { return }
    try removeFiles([path, "\(path)-wal", "\(path)-shm"])
    console.log(.info, "the fact store \(path) is deleted; `serve` makes it again")
  }
}
