import Contract
import SnapshotView

/// `topics create`
struct TopicsCreateCommand: Command {
  var log = LogSettings()
  var partitions = LogSettings.defaultPartitions

  static let words = ["topics", "create"]
  static let summary = "make all topics with the settings they need"
  static let description = """
    Makes the topics that do not exist yet. Fails, and changes nothing, if one exists with other
    settings.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      .value(
        "partitions", "N", "partitions of each topic (default: \(LogSettings.defaultPartitions))",
        \.partitions,
        .integer(1...4096))
    ]
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let first = try log.openOrMake(console)
    let served = try GenerationReader(first).generations.served
    let own = try log.connect(.writing, served, console)
    try own.createTopics(partitions: partitions)
    console.log(.info, "\(own.topics.count) topics with \(partitions) partitions each")
  }
}
