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
  static let summary = "make all topics with the settings they need"
  static let description = """
    Makes the topics that do not exist yet. Fails, and changes nothing, if one exists with other
    settings.

    With --retention Kafka deletes input that is older. The result goes on, since the state of each
    task is in topic task-checkpoints; but what is deleted cannot be explained, and nothing can be
    recomputed, or copied to other topics. Without checkpoints, or if no process runs for longer
    than the retention, `run` refuses to go on.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      .value(
        "partitions", "N", "partitions of each topic (default: \(LogSettings.defaultPartitions))",
        \.partitions,
        .integer(1...4096)),
      .value(
        "retention", "DAYS", "keep input for so long after it came; Kafka only (default: for ever)",
        \.retention, .integer(1...36_500)),
    ]
  }

  func check() throws(UsageError) {
    try log.check()
    guard retention == nil || log.bootstrapServers != nil else {
      throw UsageError("--retention is for topics in a Kafka cluster; a file keeps all events")
    }
  }

  func run(_ console: Console) throws {
    let first = try log.openOrMake(console)
    let served = try GenerationReader(first).generations.served
    let own = try log.connect(.writing, served, console)
    try own.createTopics(
      own.topics, partitions: partitions, retention: retention.map { $0 * 24 * 3600 * 1000 })
    console.log(.info, "\(own.topics.count) topics with \(partitions) partitions each")
  }
}
