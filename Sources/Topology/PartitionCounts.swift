import Contract
import EventLog
import Indicators

/// The partition count of each topic. All inputs have the same one (co-partitioning).
package struct PartitionCounts: Sendable {
  private let counts: [Topic: Int32]

  /// Queries only the counts. Throws an `unusable` error that names a missing topic.
  package init(of log: any EventLog, _ topics: [Topic] = Topic.inputs + Topic.outputs) throws(LogError) {
    try self.init(try log.partitionCounts(of: topics))
  }

  /// For writers: also throws for a topic whose settings would make results wrong.
  package init(checking log: any EventLog, _ topics: [Topic] = Topic.inputs + Topic.outputs) throws(LogError)
  {
    try self.init(try log.checkTopics(topics))
  }

  /// Throws an `unusable` error if the inputs are not co-partitioned.
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

  /// The definition of the result that this program computes with these partition counts and a catalog.
  package func definition(_ catalog: Catalog) -> ResultDefinition {
    definition(catalog, ResultDefinition.outputTopics.map { self[$0] })
  }

  /// The definition without the partition counts and the format of the outputs, which do not matter to readers.
  package func readersDefinition(_ catalog: Catalog) -> ResultDefinition {
    definition(catalog, []).inAnyFormat
  }

  /// The definition with `outputPartitions` partitions of each output topic.
  package func definition(_ catalog: Catalog, outputPartitions: Int32) -> ResultDefinition {
    definition(catalog, ResultDefinition.outputTopics.map { _ in outputPartitions })
  }

  private func definition(_ catalog: Catalog, _ outputPartitions: [Int32]) -> ResultDefinition {
    ResultDefinition(
      catalog: catalog.fingerprint, semantics: Semantics.version,
      inputPartitions: UInt32(self[Topic.inputs[0]]),
      outputPartitions: outputPartitions.map { UInt32($0) })
  }

  package subscript(topic: Topic) -> Int32 { counts[topic] ?? 0 }

  /// All partitions of `topics`.
  package func partitions(of topics: [Topic]) -> [TopicPartition] {
    topics.flatMap { topic in (0..<self[topic]).map { TopicPartition(topic, $0) } }
  }
}
