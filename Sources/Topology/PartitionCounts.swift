import Contract
import EventLog

/// How many partitions each topic has, checked for what the stages need.
public struct PartitionCounts: Sendable {
  private let counts: [Topic: Int32]

  /// Asks the log. Throws an `unusable` error that names a topic which is missing or set up otherwise.
  public init(of log: any EventLog) throws(LogError) {
    try self.init(try log.checkTopics(Topic.inputs + Topic.outputs))
  }

  /// Throws if the inputs are not co-partitioned.
  package init(_ counts: [Topic: Int32]) throws(LogError) {
    self.counts = counts
    let lead = Topic.inputs[0]
    for topic in Topic.inputs where counts[topic] != counts[lead] {
      throw LogError(
        .unusable, code: "PARTITIONS",
        "topic \(topic.name) has \(counts[topic] ?? 0) partitions and \(lead.name) has \(counts[lead] ?? 0): "
          + "all input topics must have the same number")
    }
  }

  subscript(topic: Topic) -> Int32 { counts[topic] ?? 0 }

  /// All partitions of `topics`.
  public func partitions(of topics: [Topic]) -> [TopicPartition] {
    topics.flatMap { topic in (0..<self[topic]).map { TopicPartition(topic, $0) } }
  }
}
