import Contract
import EventLog
import SQLiteLog
import SnapshotView

/// `topics create`
struct TopicsCreateCommand: Command {
  var log = LogSettings()
  var partitions = LogSettings.defaultPartitions
  var retention: Int64?

  static let words = ["topics", "create"]
  static let summary = "create all topics with the required settings"
  static let description = """
    Creates the topics that do not exist yet. Fails and changes nothing if a topic exists with other
    settings.

    With --retention, Kafka deletes older input. Aggregation continues, since the state of each task
    is in the topic task-checkpoints, but `explain` cannot show deleted events, and `recompute` and
    `topics copy` are no longer possible. If there are no checkpoints, or no process runs for longer
    than the retention period, `run` refuses to continue.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      .value(
        "partitions", "N", "number of partitions of each topic (default: \(LogSettings.defaultPartitions))",
        \.partitions,
        .integer(1...4096)),
      .value(
        "retention", "DAYS", "delete input records after this many days; Kafka only (default: never)",
        \.retention, .integer(1...36_500)),
    ]
  }

  func check() throws(UsageError) {
    try log.check()
    guard retention == nil || log.bootstrapServers != nil else {
      throw UsageError("--retention works only with Kafka; a SQLite file keeps all events")
    }
  }

  func run(_ console: Console) throws {
    let first = try log.openOrCreate(console)
    let served = try GenerationReader(first).generations.served
    let servedLog = try log.connect(.writing, served, console)
    try servedLog.createTopics(
      servedLog.topics, partitions: partitions, retention: retention.map { $0 * 24 * 3600 * 1000 })
    console.log(.info, "\(servedLog.topics.count) topics with \(partitions) partitions each")
  }
}
