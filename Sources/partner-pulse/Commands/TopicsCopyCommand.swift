import Contract
import EventLog
import KafkaLog
import SQLiteLog
import Topology

/// `topics copy`
struct TopicsCopyCommand: Command {
  var log = LogSettings()
  var toPrefix: String?
  var partitions: Int32?

  static let words = ["topics", "copy"]
  static let summary = "the input records into topics with another prefix and other partitions"
  static let description = """
    The way to more partitions, and out of a wrong partitioner: makes the topics whose names begin with
    --to-prefix, and copies each input record into them, under its entity's id and into the partition of that,
    with its value, headers and time. Prints how many records each topic has on both sides, by reading them.
    Started again, it goes on where it was, and takes along what has come since; to change over, stop the
    producers, copy, and start producers and `run` with the new prefix. The old topics stay as they are.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      .value("to-prefix", "P", "comes before the names of the new topics", \.toPrefix, .anyText),
      .value("partitions", "N", "partitions of each new topic", \.partitions, .integer(1...4096)),
    ]
  }

  func check() throws(UsageError) {
    try log.check()
    guard log.bootstrapServers != nil else { throw UsageError("topics are copied within a Kafka cluster") }
    guard let toPrefix else { throw UsageError("--to-prefix is missing") }
    guard partitions != nil else { throw UsageError("--partitions is missing") }
    if toPrefix.utf8.elementsEqual((log.topicPrefix ?? "").utf8) {
      throw UsageError("--to-prefix '\(toPrefix)' is the prefix of the topics that are to be copied")
    }
  }

  func run(_ console: Console) throws {
    guard let toPrefix, let partitions else { return }
    let target = try log.with(prefix: toPrefix).openOrMake(console)
    try target.createTopics(partitions: partitions)
    let source = try log.connect(.reading, .first, console, outputPrefix: toPrefix)
    let interruption = Interruption(console)
    let copy = try TopicCopy(
      from: source, to: target, partitions: partitions, name: "topics-copy-to-\(toPrefix)"
    ) { console.log($0 == .warning ? .warning : .info, $1) }
    var bar = ProgressBar("copying", on: console, isLogged: true)
    defer { bar.end() }
    let isDone = try copy.run(until: { interruption.hasHappened }) {
      bar.update(done: $0.done, total: $0.total)
    }
    bar.end()
    guard isDone, let counts = try copy.count(until: { interruption.hasHappened }) else {
      throw Failure("interrupted; started again, it goes on where it was")
    }
    for count in counts {
      try console.writeLine { json in
        json.key("topic")
        json.string(count.topic.name)
        json.key("source")
        json.number(count.source)
        json.key("target")
        json.number(count.target)
      }
    }
    let different = counts.filter { $0.source != $0.target }.map(\.topic.name)
    guard different.isEmpty else {
      throw Failure(
        "the copy has other records than the source in \(different.joined(separator: ", ")): did anybody else write there?"
      )
    }
    console.log(.info, "\(counted(counts.reduce(0) { $0 + $1.source }, "record")) copied")
  }
}
