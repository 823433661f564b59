import Contract
import EventLog
import Indicators
import SQLiteLog

/// `rejected`
struct RejectedCommand: Command {
  var log = LogSettings()
  var reasons: [Refusal] = []
  var topics: [Topic] = []
  var follows = false

  static let words = ["rejected"]
  static let summary = "the events that were refused, each with its reason, as NDJSON"
  static let description = """
    Prints a line for each refused event: the reason, with what was wrong and at which byte of the value if
    it is not_decodable; the topic, partition and offset at which it lies; its time, key, value and headers.
    A value is proto3 JSON if it is an event, else "value_text" if it can be read, else "value_base64"; keys
    and headers likewise. An event too large for the topic of refused ones is there with its beginning:
    "truncated" tells the size of the whole.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      LogSettings.generationOption(\.log),
      .values("reason", "R", "only events refused for this reason; repeatable", \.reasons, .refusal),
      .values("topic", "T", "only events of this input topic; repeatable", \.topics, .inputTopic),
      .flag("follow", "go on with what is refused from now on, until SIGINT", \.follows),
    ]
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let log = try log.open(.reading, console)
    let interruption = follows ? Interruption(console) : nil
    let reader = try log.reader([.rejectedEvents])
    while interruption?.hasHappened != true, !console.isOutputClosed {
      var outcome = Result<Void, any Error>.success(())
      let isAtEnd = try reader.poll(timeout: 200) { records in
        outcome = Result { for record in records { try print(record, console) } }
      }
      try outcome.get()
      try console.flush()
      if isAtEnd, !follows { return }
    }
  }

  private func print(_ record: Record, _ console: Console) throws {
    guard let event = RejectedEvent(record) else {
      return console.log(
        .warning,
        "\(record.topicPartition) offset \(record.offset) has no reason: this program did not write it")
    }
    guard reasons.isEmpty || reasons.contains(where: { $0.rawValue == event.reason }),
      topics.isEmpty || topics.contains(where: { $0.name == event.topic })
    else { return }
    try console.writeLine { event.write(to: &$0) }
  }
}

extension OptionValue<Refusal> {
  fileprivate static var refusal: Self {
    let names = Refusal.allCases.map(\.rawValue).joined(separator: ", ")
    return OptionValue(expectation: "a reason to refuse an event (\(names))") { Refusal(rawValue: $0) }
  }
}

extension OptionValue<Topic> {
  fileprivate static var inputTopic: Self {
    let names = Topic.inputs.map(\.name).joined(separator: ", ")
    return OptionValue(expectation: "an input topic (\(names))") { text in
      Topic(name: text).flatMap { Topic.inputs.contains($0) ? $0 : nil }
    }
  }
}
