import Contract
import EventLog
import Indicators

/// Reads the facts behind a partner's numbers from a log.
package struct FactReader: Sendable {
  private let log: any EventLog
  private let catalog: Catalog

  package init(log: any EventLog, catalog: Catalog) { (self.log, self.catalog) = (log, catalog) }

  /// Reads the current inputs from the beginning, in two passes: first finds the customers and persons related to the partner,
  /// then reads their facts. Nil if `isCancelled` returns true meanwhile. O(events); for memory, see `FactBook`.
  package func read(partnerID: String, isCancelled: () -> Bool = { false }) throws(LogError) -> FactBook? {
    let partitions = try PartitionCounts(of: log, Topic.inputs)[Topic.inputs[0]]
    var circle = PartnerCircle(partnerID: partnerID, partitions: partitions)
    guard try log.readAll(PartnerCircle.topics, until: isCancelled, { circle.apply($0) }) else { return nil }
    var book = FactBook(catalog: catalog, circle: circle)
    guard try log.readAll(Topic.inputs, until: isCancelled, { book.apply($0) }) else { return nil }
    return book
  }

  /// The input partitions whose oldest records were deleted, each with its log start offset. Explanations lack the deleted
  /// records.
  package func missingHistory() throws(LogError) -> [(partition: TopicPartition, beginning: Int64)] {
    let partitions = try PartitionCounts(of: log, Topic.inputs).partitions(of: Topic.inputs)
    let beginnings = try log.beginnings(partitions)
    return partitions.compactMap { partition in
      guard let beginning = beginnings[partition], beginning > 0 else { return nil }
      return (partition: partition, beginning: beginning)
    }
  }
}
