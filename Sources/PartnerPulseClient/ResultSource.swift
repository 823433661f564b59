import Contract
import EventLog
import KafkaLog
import SQLiteLog

/// Where PartnerPulse's result is read from: a Kafka cluster or a SQLite file. Nothing is written there.
public struct ResultSource: Sendable {
  private enum Place: Sendable {
    case file(String)
    case cluster(servers: String, prefix: String, properties: [(String, String)])
  }

  private let place: Place
  private let warn: @Sendable (String) -> Void

  /// The log in a SQLite file.
  public static func sqlite(_ path: String) -> ResultSource {
    ResultSource(place: .file(path), warn: { _ in })
  }

  /// The topics of a Kafka cluster.
  ///
  /// - Parameters:
  ///   - bootstrapServers: `HOST:PORT[,…]`.
  ///   - topicPrefix: the aggregator's `--topic-prefix`.
  ///   - properties: librdkafka's, such as `security.protocol`.
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

/// Why a result cannot be read on: a topic is missing, a right, or what was read is not PartnerPulse's.
public struct ResultError: Error, Sendable, CustomStringConvertible {
  /// Kafka's or SQLite's name of the error.
  public let code: String
  public let message: String

  init(_ error: LogError) { (code, message) = (error.code, error.message) }

  public var description: String { "\(message) (\(code))" }
}
