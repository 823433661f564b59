import Contract
import EventLog
import KafkaLog
import Platform
import SQLiteLog
import Topology

/// `topics copy`
struct TopicsCopyCommand: Command {
  var log = LogSettings()
  var toPrefix: String?
  var partitions: Int32?
  /// The entities whose events are left out; set by `forget`.
  var forgotten = ForgottenEntities()

  static let words = ["topics", "copy"]
  static let summary = "copy the input records to topics with another prefix and partition count"
  static let description = """
    Use it to change the number of partitions, or after producing with a wrong partitioner. Creates topics
    whose names begin with --to-prefix and copies each input record to them with its value, headers and
    timestamp; its entity's id becomes the key and determines the partition. Then reads both sides and prints
    the number of records in each topic. Run it again to resume, or to copy the records that were added since.
    To migrate, stop the producers, copy, and start the producers and `run` with the new prefix. The old
    topics stay unchanged.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      .value("to-prefix", "P", "prefix of the new topics", \.toPrefix, .anyText),
      .value("partitions", "N", "number of partitions of each new topic", \.partitions, .integer(1...4096)),
    ]
  }

  func check() throws(UsageError) {
    try log.check()
    guard log.bootstrapServers != nil else {
      throw UsageError("`topics copy` works only on a Kafka cluster; give --bootstrap-servers")
    }
    guard let toPrefix else { throw UsageError("--to-prefix is missing") }
    guard partitions != nil else { throw UsageError("--partitions is missing") }
    if toPrefix.hasSameUTF8(as: log.topicPrefix ?? "") {
      throw UsageError("--to-prefix '\(toPrefix)' is the prefix of the source topics")
    }
  }

  func run(_ console: Console) throws {
    guard let toPrefix, let partitions else { return }
    let target = try log.with(prefix: toPrefix).openOrCreate(console)
    try target.createTopics(partitions: partitions)
    let source = try log.connect(.reading, .first, console, outputPrefix: toPrefix)
    let interruption = Interruption(console)
    let copy = try TopicCopy(
      from: source, to: target, partitions: partitions, name: "topics-copy-to-\(toPrefix)",
      without: forgotten
    ) { console.log($0, $1) }
    var bar = ProgressBar("copying", on: console, isLogged: true)
    defer { bar.end() }
    let isDone = try copy.run(until: { interruption.hasHappened }) {
      bar.update(done: $0.done, total: $0.total)
    }
    bar.end()
    guard isDone, let counts = try copy.count(until: { interruption.hasHappened }) else {
      throw Failure("interrupted; run it again to resume")
    }
    for count in counts {
      try console.writeLine { json in
        json.key("topic")
        json.string(count.topic.name)
        json.key("source")
        json.number(count.source)
        json.key("target")
        json.number(count.target)
        if !forgotten.isEmpty {
          json.key("left_out")
          json.number(count.leftOut)
        }
      }
    }
    let different = counts.filter { $0.source != $0.target }.map(\.topic.name)
    guard different.isEmpty else {
      throw Failure(
        "the record counts of source and copy differ in \(different.joined(separator: ", ")): did another producer write there?"
      )
    }
    console.log(.info, "\(counted(counts.reduce(0) { $0 + $1.source }, "record")) copied")
  }
}
