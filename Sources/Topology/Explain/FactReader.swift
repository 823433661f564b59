import Contract
import EventLog
import Indicators

/// A source of the facts behind partners' numbers.
package protocol FactSource: Sendable {
  /// The partner's facts as known at each of `moments`, in milliseconds since 1970 UTC; a nil moment means now. Returns nil if
  /// `isCancelled` returns true meanwhile.
  func books(
    of partnerID: String, at moments: [Int64?], isCancelled: () -> Bool
  ) throws(LogError) -> [FactBook]?

  /// The events behind the partner's numbers. Nil if `isCancelled` returns true meanwhile.
  func events(of partnerID: String, isCancelled: () -> Bool) throws(LogError) -> CircleEvents?
}

extension FactSource {
  /// The partner's facts as known now.
  package func book(of partnerID: String, isCancelled: () -> Bool = { false }) throws(LogError) -> FactBook? {
    try books(of: partnerID, at: [nil], isCancelled: isCancelled)?.first
  }
}

/// Reads the facts behind a partner's numbers from a log.
package struct FactReader: FactSource {
  private let log: any EventLog
  private let catalog: Catalog

  package init(log: any EventLog, catalog: Catalog) { (self.log, self.catalog) = (log, catalog) }

  /// Reads the current inputs from the beginning, in two passes: first finds the customers and persons related to the partner,
  /// then reads their facts. Nil if `isCancelled` returns true meanwhile. O(events); for memory, see `FactBook`.
  package func books(
    of partnerID: String, at moments: [Int64?], isCancelled: () -> Bool
  ) throws(LogError) -> [FactBook]? {
    guard let circle = try circle(of: partnerID, isCancelled) else { return nil }
    var books = moments.map { FactBook(catalog: catalog, circle: circle, at: $0) }
    let isWhole = try log.readAll(Topic.inputs, until: isCancelled) { records in
      for index in books.indices { books[index].apply(records) }
    }
    return isWhole ? books : nil
  }

  /// Reads in two passes, like `books`. O(events); for memory, see `CircleEvents`.
  package func events(of partnerID: String, isCancelled: () -> Bool) throws(LogError) -> CircleEvents? {
    guard let circle = try circle(of: partnerID, isCancelled) else { return nil }
    var events = CircleEvents(catalog: catalog, circle: circle)
    let isWhole = try log.readAll(Topic.inputs, until: isCancelled) { events.apply($0) }
    return isWhole ? events : nil
  }

  private func circle(
    of partnerID: String, _ isCancelled: () -> Bool
  ) throws(LogError) -> PartnerCircle? {
    let partitions = try PartitionCounts(of: log, Topic.inputs)[Topic.inputs[0]]
    var circle = PartnerCircle(partnerID: partnerID, partitions: partitions)
    return try log.readAll(PartnerCircle.topics, until: isCancelled, { circle.apply($0) }) ? circle : nil
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
