import Contract
import EventLog

/// Which records a topic accepts, by its settings.
struct TopicLimits: Sendable, Equatable {
  /// Bytes of a batch of records, which may hold a single one: `max.message.bytes`; by default the brokers' default.
  var largestBatch = 1_048_588
  /// How far a record's timestamp may be behind the brokers' clock, and ahead of it, in milliseconds.
  var oldest = Int64.max
  var newest = Int64.max
  /// Whether brokers keep the timestamp that the producer sets.
  var keepsTimestamps = true

  init() {}

  init(_ settings: [String: String]) {
    func number<N: FixedWidthInteger>(_ name: String) -> N? { settings[name].flatMap { N($0) } }
    largestBatch = number("max.message.bytes") ?? largestBatch
    // One setting before Kafka 3.6, two since.
    let difference = number("message.timestamp.difference.max.ms") ?? Int64.max
    oldest = min(difference, number("message.timestamp.before.max.ms") ?? .max)
    newest = min(difference, number("message.timestamp.after.max.ms") ?? .max)
    keepsTimestamps = settings["message.timestamp.type"] != "LogAppendTime"
  }

  /// Milliseconds by which our clock may differ from a broker's.
  private static let clockDifference: Int64 = 60_000

  /// Whether the topic accepts a record with this timestamp and keeps it; `now` is in milliseconds since 1970 too.
  func keep(timestamp: Int64, now: Int64) -> Bool {
    // The record has no timestamp.
    if timestamp == -1 { return true }
    // To librdkafka zero means now.
    guard keepsTimestamps, timestamp != 0 else { return false }
    let (age, overflow) = now.subtractingReportingOverflow(timestamp)
    // Only a timestamp below zero, or near the end of the range, is that far off.
    if overflow { return timestamp < 0 ? oldest == .max : newest == .max }
    return (oldest == .max || age <= oldest - Self.clockDifference)
      && (newest == .max || age >= Self.clockDifference - newest)
  }
}

extension TopicLimits {
  /// The most bytes that a record may have, as `EventLog.largestRecord` counts them, for a producer with these properties.
  func largestRecord(_ configuration: Configuration) -> Int {
    let queue = configuration.integer("queue.buffering.max.kbytes").map {
      $0.multipliedReportingOverflow(by: 1024)
    }
    let least = min(
      largestBatch, configuration.integer("message.max.bytes") ?? Topic.largestRejected,
      queue.map { $0.overflow ? Int.max : $0.partialValue } ?? .max)
    // For the overhead of a record (36 bytes) and of a batch (61), and for data that compression makes larger.
    return max(0, least - least / 128 - 512)
  }

  /// The largest `batch.size`, in bytes, at which librdkafka sends no broker a batch that it would refuse.
  static func batchSize(_ limits: some Sequence<TopicLimits>, _ configuration: Configuration) -> Int {
    let asked = configuration.integer("batch.size") ?? 1_000_000
    return max(1, min(asked, limits.map { $0.largestRecord(configuration) }.min() ?? asked))
  }
}
