import Contract
import EventLog
import KafkaLog
import SQLiteLog

/// The log that results are read from: a Kafka cluster or a SQLite file. Nothing is written to it.
///
/// A source does not connect by itself: ``ResultChanges`` opens it, and reports what cannot be opened.
///
/// ```swift
/// let source = ResultSource.kafka("broker:9092", properties: ["security.protocol": "SSL"])
/// ```
public struct ResultSource: Sendable {
  private enum Place: Sendable {
    case file(String)
    case cluster(servers: String, prefix: String, properties: [(String, String)])
  }

  private let place: Place
  private let warn: @Sendable (String) -> Void

  /// The log in a SQLite file at `path`, which is opened for reading only.
  public static func sqlite(_ path: String) -> ResultSource {
    ResultSource(place: .file(path), warn: { _ in })
  }

  /// The topics of a Kafka cluster, read as a `read_committed` consumer outside of any consumer group.
  ///
  /// - Parameters:
  ///   - bootstrapServers: `HOST:PORT[,…]`.
  ///   - topicPrefix: the aggregator's `--topic-prefix`.
  ///   - properties: librdkafka's, such as `security.protocol`. One that is unknown, or that exactly-once reading depends on, is
  ///     reported as a ``ResultError`` by the first ``ResultChanges/Iterator/next()``.
  ///   - warn: gets librdkafka's warnings and errors, one line each, on any thread.
  public static func kafka(
    _ bootstrapServers: String, topicPrefix: String = "", properties: [String: String] = [:],
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) -> ResultSource {
    let sorted = properties.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return ResultSource(
      place: .cluster(servers: bootstrapServers, prefix: topicPrefix, properties: sorted), warn: warn)
  }

  func open(_ generation: Contract.Generation) throws(LogError) -> any EventLog {
    switch place {
    case .file(let path): try SQLiteLog(path: path, generation: generation, access: .reading)
    case .cluster(let servers, let prefix, let properties):
      try KafkaLog(
        bootstrapServers: servers, properties: properties, topicPrefix: prefix, generation: generation,
        log: warn, warn: warn)
    }
  }
}

/// Why a result cannot be read: a topic or a permission is missing, or the log is not PartnerPulse's. Trying again does not help;
/// what may pass is reported as ``ResultChange/interrupted(reason:)``.
public struct ResultError: Error, Sendable, CustomStringConvertible {
  /// The name of the error in librdkafka or SQLite, such as `TOPIC_AUTHORIZATION_FAILED` or `SQLITE_CANTOPEN`.
  public let code: String
  /// What failed, for people; one line.
  public let message: String

  init(_ error: LogError) { (code, message) = (error.code, error.message) }

  /// The message, with the code in parentheses.
  public var description: String { "\(message) (\(code))" }
}
