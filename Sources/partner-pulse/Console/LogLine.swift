import Contract
import EventLog

enum LogLevel: String, CaseIterable {
  case info
  case warning
  case error

  init(_ severity: Severity) {
    switch severity {
    case .info: self = .info
    case .warning: self = .warning
    }
  }

  /// Higher is more severe.
  var rank: Int { LogLevel.allCases.firstIndex(of: self) ?? 0 }

  fileprivate var word: String {
    switch self {
    case .info: "INFO "
    case .warning: "WARN "
    case .error: "ERROR"
    }
  }
}

enum LogFormat: String, CaseIterable {
  case text
  case json
}

/// A line of the program's own log.
struct LogLine {
  var level: LogLevel
  var text: String
  var fields = LogFields()
  /// The number of similar lines that were left out before this one.
  var leftOut = 0

  func text(at time: Timestamp) -> String {
    let more = leftOut == 0 ? "" : " (and \(leftOut) more like it)"
    return "\(time.rfc3339 ?? "") \(level.word) \(text)\(more)\n"
  }

  /// A JSON object in ASCII.
  func json(at time: Timestamp) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.member("time", time.rfc3339)
    json.member("level", level.rawValue)
    json.member("message", text)
    json.member("group", fields.group)
    json.member("task", fields.task)
    json.member("topic", fields.topic)
    json.member("partition", fields.partition)
    json.member("offset", fields.offset)
    json.member("error", fields.error)
    json.member("file", fields.file)
    json.member("line", fields.line)
    if leftOut > 0 { json.member("left_out", leftOut) }
    json.endObject()
    return String(decoding: json.asciiBytes, as: UTF8.self) + "\n"
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ value: String?) {
    guard let value else { return }
    key(name)
    string(value)
  }

  fileprivate mutating func member(_ name: String, _ value: (some BinaryInteger)?) {
    guard let value else { return }
    key(name)
    number(value)
  }
}

extension LogFields {
  /// The location of a record.
  init(_ record: Record) {
    self.init(
      topic: record.topicPartition.topic.name, partition: record.partition, offset: record.offset)
  }
}
