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
  static let summary = "print the rejected events, each with its reason, as NDJSON"
  static let description = """
    Prints a line for each rejected event: the reason (for not_decodable also the error and its byte offset
    in the value); its topic, partition and offset; and its timestamp, key, value and headers. A value that
    can be decoded is printed as proto3 JSON, otherwise as "value_text" if it is text, otherwise as
    "value_base64"; the same applies to keys and headers. An event that is too large for the topic
    rejected-events is truncated there; "truncated" gives the original sizes.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      LogSettings.generationOption(\.log),
      .values("reason", "R", "only events rejected for this reason; repeatable", \.reasons, .refusal),
      .values("topic", "T", "only events from this input topic; repeatable", \.topics, .inputTopic),
      .flag("follow", "keep printing events as they are rejected, until SIGINT", \.follows),
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
        "\(record.topicPartition) offset \(record.offset) has no reason, so it was not written by this program",
        LogFields(record)
      )
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
    return .oneOf("a reason for rejection (\(names))")
  }
}

extension OptionValue<Topic> {
  fileprivate static var inputTopic: Self {
    let names = Topic.inputs.map(\.name)
    return OptionValue(expectation: "an input topic (\(names.joined(separator: ", ")))", choices: names) {
      text in
      Topic(name: text).flatMap { Topic.inputs.contains($0) ? $0 : nil }
    }
  }
}
