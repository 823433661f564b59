import Contract
import EventLog
import Indicators

/// Reads from a log what a partner's numbers come from.
public struct FactReader: Sendable {
  private let log: any EventLog
  private let catalog: Catalog

  public init(log: any EventLog, catalog: Catalog) { (self.log, self.catalog) = (log, catalog) }

  /// Reads the inputs that the log has now from the beginning: first who the partner has to do with, then the facts of
  /// those. Nil if `isCancelled` says so meanwhile. O(events); of memory, see `FactBook`.
  public func read(partnerID: String, isCancelled: () -> Bool = { false }) throws(LogError) -> FactBook? {
    let partitions = try PartitionCounts(of: log, Topic.inputs)[Topic.inputs[0]]
    var circle = PartnerCircle(partnerID: partnerID, partitions: partitions)
    guard try log.readAll(PartnerCircle.topics, until: isCancelled, { circle.apply($0) }) else { return nil }
    var book = FactBook(catalog: catalog, circle: circle)
    guard try log.readAll(Topic.inputs, until: isCancelled, { book.apply($0) }) else { return nil }
    return book
  }

  /// The input partitions of which the log no longer has the first records, each with the first offset that it has:
  /// what older records said, no explanation tells.
  public func missingHistory() throws(LogError) -> [(partition: TopicPartition, beginning: Int64)] {
    let partitions = try PartitionCounts(of: log, Topic.inputs).partitions(of: Topic.inputs)
    let beginnings = try log.beginnings(partitions)
    return partitions.compactMap { partition in
      guard let beginning = beginnings[partition], beginning > 0 else { return nil }
      return (partition: partition, beginning: beginning)
    }
  }
}
