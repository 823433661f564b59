import Contract
import EventLog

/// The first and the next offset of every partition, from one snapshot of the file.
struct PartitionBounds {
  /// By slot.
  private var bounds: [Range<Int64>]
  private let catalog: TopicCatalog

  init(_ catalog: TopicCatalog) {
    self.catalog = catalog
    bounds = Array(repeating: 0..<0, count: catalog.slotCount)
  }

  static func statement(_ connection: Connection) throws(LogError) -> Statement {
    try Statement(connection, "SELECT topic, partition, first_offset, next_offset FROM partitions")
  }

  /// Reads all bounds again; `statement` must come from `statement(_:)`.
  mutating func load(_ statement: Statement) throws(LogError) {
    defer { statement.reset() }
    while try statement.step() {
      guard let topic = catalog.topic(id: statement.int64(0)), let entry = catalog[topic],
        (0..<Int64(entry.partitions)).contains(statement.int64(1)), statement.int64(2) <= statement.int64(3)
      else { continue }
      bounds[entry.firstSlot + Int(statement.int64(1))] = statement.int64(2)..<statement.int64(3)
    }
  }

  subscript(slot slot: Int) -> Range<Int64> { bounds[slot] }

  /// From the first offset that the log still has to the next one.
  func range(_ partition: TopicPartition) throws(LogError) -> Range<Int64> {
    bounds[
      try catalog.entry(partition.topic, partition: partition.partition).firstSlot + Int(partition.partition)]
  }
}
