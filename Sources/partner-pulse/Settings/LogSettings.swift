import EventLog
import Glibc
import KafkaLog
import SQLiteLog

/// Which log a command works on; the same options everywhere.
struct LogSettings {
  var bootstrapServers: String?
  var kafkaProperties: [(String, String)] = []
  var topicPrefix: String?
  var dataFile: String?

  static let defaultDataFile = "partner-pulse.db"

  static func options<C>(_ path: WritableKeyPath<C, LogSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<LogSettings>] {
    [
      .value(
        "bootstrap-servers", "HOST:PORT[,…]", "the log is in this Kafka cluster", \.bootstrapServers,
        .bootstrapServers),
      .values(
        "kafka-property", "KEY=VALUE",
        "a property of librdkafka, such as security.protocol=SASL_SSL; repeatable",
        \.kafkaProperties, .property),
      .value("topic-prefix", "P", "comes before the name of each Kafka topic", \.topicPrefix, .anyText),
      .value(
        "data", "FILE.db", "the log is in this SQLite file (default: \(defaultDataFile))", \.dataFile, .text),
    ]
  }

  func check() throws(UsageError) {
    guard bootstrapServers != nil else {
      if !kafkaProperties.isEmpty { throw UsageError("--kafka-property needs --bootstrap-servers") }
      if topicPrefix != nil { throw UsageError("--topic-prefix needs --bootstrap-servers") }
      return
    }
    if dataFile != nil { throw UsageError("--bootstrap-servers and --data name two logs; give one") }
  }

  /// Whether a log was named.
  var isGiven: Bool { bootstrapServers != nil || dataFile != nil }

  /// The embedded log's file; nil for Kafka.
  var embeddedPath: String? { bootstrapServers == nil ? dataFile ?? Self.defaultDataFile : nil }

  /// What the log is called in messages.
  var place: String { bootstrapServers.map { "Kafka at \($0)" } ?? dataFile ?? Self.defaultDataFile }

  /// Opens a log that must exist.
  func open(_ console: Console) throws -> any EventLog {
    if let path = embeddedPath, access(path, F_OK) != 0 {
      throw Failure(
        "\(path): \(String(cString: strerror(errno))); `topics create`, `import` and `generate` make a log")
    }
    return try openOrMake(console)
  }

  /// Opens the log; a file that is not there is made, without topics.
  func openOrMake(_ console: Console) throws -> any EventLog {
    guard let bootstrapServers else { return try SQLiteLog(path: dataFile ?? Self.defaultDataFile) }
    let log = Result { () throws(LogError) in
      try KafkaLog(
        bootstrapServers: bootstrapServers, properties: kafkaProperties, topicPrefix: topicPrefix ?? "",
        log: { console.log(.warning, $0) }, warn: { console.log(.warning, $0) })
    }
    // Nothing was asked of the cluster yet: a property is wrong.
    if case .failure(let error) = log, error.kind == .unusable { throw UsageError(error.message) }
    return try log.get()
  }

  /// Opens the log for events from outside; an embedded one that is not there is made, with its topics.
  func openForWriting(_ console: Console) throws -> any EventLog {
    let isMissing = embeddedPath.map { access($0, F_OK) != 0 } ?? false
    let log = try openOrMake(console)
    if isMissing { try log.createTopics(partitions: Self.defaultPartitions) }
    return log
  }

  static let defaultPartitions: Int32 = 4
}

extension OptionValue<String> {
  fileprivate static var bootstrapServers: Self {
    OptionValue(expectation: "a list such as broker-1:9092,broker-2:9092") { text in
      let servers = text.split(separator: ",", omittingEmptySubsequences: false)
      let areValid = servers.allSatisfy { server in
        guard let colon = server.lastIndex(of: ":"), colon != server.startIndex else { return false }
        return UInt16(server[server.index(after: colon)...]).map { $0 > 0 } ?? false
      }
      return areValid ? text : nil
    }
  }
}

extension OptionValue<(String, String)> {
  fileprivate static var property: Self {
    OptionValue(expectation: "of the form KEY=VALUE") { text in
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else { return nil }
      return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
  }
}
