import Contract
import EventLog
import Glibc
import KafkaLog
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// The options for the log that a command works on; the same in all commands.
struct LogSettings {
  var bootstrapServers: String?
  var kafkaProperties: [(String, String)] = []
  var topicPrefix: String?
  var dataFile: String?
  /// The generation to use; nil for the served one.
  var generation: Generation?

  static let defaultDataFile = "partner-pulse.db"

  static func options<C>(_ path: WritableKeyPath<C, LogSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<LogSettings>] {
    [
      .value(
        "bootstrap-servers", "HOST:PORT[,…]", "use the log in this Kafka cluster", \.bootstrapServers,
        .bootstrapServers
      ).replacing("data"),
      .table(
        "kafka-property", "KEY=VALUE",
        "librdkafka property, such as security.protocol=SASL_SSL; repeatable",
        \.kafkaProperties, .property),
      .value(
        "topic-prefix", "P", "prefix for all Kafka topics, groups and transactional ids", \.topicPrefix,
        .anyText),
      .value(
        "data", "FILE.db", "use the log in this SQLite file (default: \(defaultDataFile))", \.dataFile, .text
      ).replacing("bootstrap-servers", "kafka-property", "topic-prefix"),
    ]
  }

  /// For commands that work on the outputs of one generation.
  static func generationOption<C>(_ path: WritableKeyPath<C, LogSettings>) -> Option<C> {
    Option<LogSettings>.value(
      "generation", "N", "use this generation instead of the served one; see `recompute`", \.generation,
      .generation
    ).within(path)
  }

  func check() throws(UsageError) {
    guard bootstrapServers != nil else {
      if !kafkaProperties.isEmpty { throw UsageError("--kafka-property needs --bootstrap-servers") }
      if topicPrefix != nil { throw UsageError("--topic-prefix needs --bootstrap-servers") }
      return
    }
    if dataFile != nil { throw UsageError("--bootstrap-servers and --data cannot be combined") }
  }

  /// Whether a log was named.
  var isGiven: Bool { bootstrapServers != nil || dataFile != nil }

  /// The file of a SQLite log; nil for Kafka.
  var sqlitePath: String? { bootstrapServers == nil ? dataFile ?? Self.defaultDataFile : nil }

  /// The log's name in messages.
  var place: String { bootstrapServers.map { "Kafka at \($0)" } ?? dataFile ?? Self.defaultDataFile }

  /// What a command does with the log.
  typealias Access = SQLiteLog.Access

  /// Opens a log with the outputs of the requested generation. Throws if a SQLite file or the generation does not exist.
  func open(_ access: Access, _ console: Console) throws -> any EventLog {
    try openWithGenerations(access, console).log
  }

  /// Opens a log in the same way, and also returns its generations.
  func openWithGenerations(
    _ access: Access, _ console: Console
  ) throws -> (log: any EventLog, generations: Generations) {
    try checkExists()
    let first = try openFirst(access, console)
    let generations = try GenerationReader(first).generations
    let wanted = try generation.map(generations.toServe) ?? generations.served
    return (wanted == .first ? first : try connect(access, wanted, console), generations)
  }

  /// Throws if a SQLite file does not exist.
  func checkExists() throws {
    if let path = sqlitePath, access(path, F_OK) != 0 {
      throw Failure(
        "\(path): \(SystemError()); use `topics create`, `import` or `generate` to create a log"
      )
    }
  }

  /// Opens the log. Creates a missing file, with topics of `partitions` partitions each, or without topics if that is nil.
  func openOrCreate(_ console: Console, partitions: Int32? = nil) throws -> any EventLog {
    try openFirst(.writing, console, partitions: partitions)
  }

  private func openFirst(
    _ access: Access, _ console: Console, partitions: Int32? = nil
  ) throws -> any EventLog {
    let log = Result { () throws(LogError) in try connect(access, .first, console, partitions: partitions) }
    // The cluster was not contacted yet, so a property is wrong.
    if bootstrapServers != nil, case .failure(let error) = log, error.kind == .unusable {
      throw UsageError(error.message)
    }
    return try log.get()
  }

  /// Opens the log with the outputs of `generation`.
  func connect(
    _ access: Access, _ generation: Generation, _ console: Console, partitions: Int32? = nil,
    outputPrefix: String? = nil, warn: (@Sendable (String) -> Void)? = nil
  ) throws(LogError) -> any EventLog {
    guard let bootstrapServers else {
      return try SQLiteLog(
        path: dataFile ?? Self.defaultDataFile, generation: generation, access: access,
        partitions: partitions)
    }
    return try KafkaLog(
      bootstrapServers: bootstrapServers, properties: kafkaProperties, topicPrefix: topicPrefix ?? "",
      outputPrefix: outputPrefix, generation: generation, log: { console.log(.warning, $0) },
      warn: warn ?? { console.log(.warning, $0) })
  }

  /// These settings with another topic prefix.
  func with(prefix: String) -> LogSettings {
    var other = self
    other.topicPrefix = prefix
    return other
  }

  /// Opens the log for external events. Creates a missing file, with its topics.
  func openForWriting(_ console: Console) throws -> any EventLog {
    let log = try openOrCreate(console, partitions: Self.defaultPartitions)
    let partitions = try PartitionCounts(checking: log, Topic.inputs)[Topic.inputs[0]]
    try GenerationReader(log).generations.checkInputs(partitions: UInt32(partitions))
    return log
  }

  static let defaultPartitions: Int32 = 4

  /// The state directory for a generation: `given`; otherwise next to a SQLite log, so that the two are moved or deleted
  /// together; otherwise named after topic prefix and application. Generations after the first have a subdirectory each.
  func stateDirectory(_ given: String?, of application: String, for generation: Generation) -> String {
    let directory = given ?? sqlitePath.map { "\($0).state" } ?? "\(topicPrefix ?? "")\(application).state"
    return generation == .first ? directory : "\(directory)/generation-\(generation.number)"
  }
}

extension OptionValue<Generation> {
  static var generation: Self {
    OptionValue(expectation: "the number of a generation, 1 or more") {
      UInt32($0).flatMap { Generation($0) }
    }
  }
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
      // By bytes: "=" and a combining mark after it form one `Character`.
      guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")), sign != text.startIndex else {
        return nil
      }
      return (String(text[..<sign]), String(text[text.utf8.index(after: sign)...]))
    }
  }
}

extension LogSettings {
  /// Runs `body`, the startup of a service, and retries it after transient errors, such as no broker being available, with
  /// exponential backoff. Nil if `stop` is signaled meanwhile. Throws errors that need an operator.
  func retrying<T>(until stop: StopSignal, _ console: Console, _ body: () throws -> T) throws -> T? {
    var wait = Duration.seconds(1)
    while !stop.isStopped {
      do {
        return try body()
      } catch let error as LogError where error.kind == .retriable {
        console.log(
          .warning, "\(error); trying again in \(wait.components.seconds) s", LogFields(error: error.code))
      }
      stop.wait(for: wait)
      wait = min(wait * 2, .seconds(60))
    }
    return nil
  }
}
