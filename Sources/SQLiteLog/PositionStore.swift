import Contract
import EventLog

/// The committed positions of groups.
final class PositionStore {
  private let catalog: TopicCatalog
  private let select: Statement
  private let replace: Statement

  init(_ connection: Connection, _ catalog: TopicCatalog) throws(LogError) {
    self.catalog = catalog
    select = try Statement(
      connection,
      "SELECT \"offset\", note FROM positions WHERE group_name = ? AND topic = ? AND partition = ?")
    replace = try Statement(connection, "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)")
  }

  /// The committed positions of `group`; partitions without one are left out.
  func load(_ partitions: [TopicPartition], of group: String) throws(LogError) -> CommittedPositions {
    var found = CommittedPositions()
    try select.bind(1, group)
    for partition in partitions {
      let entry = try catalog.entry(partition.topic, partition: partition.partition)
      try select.bind(2, entry.id)
      try select.bind(3, Int64(partition.partition))
      if try select.step() {
        found.positions[partition] = select.int64(0)
        let note = select.text(1)
        if !note.isEmpty { found.notes[partition] = note }
      }
      select.reset()
    }
    return found
  }

  /// Stores positions of `group`, within the caller's transaction.
  func store(_ committed: CommittedPositions, of group: String) throws(LogError) {
    try replace.bind(1, group)
    for (partition, offset) in committed.positions {
      try replace.bind(2, try catalog.entry(partition.topic, partition: partition.partition).id)
      try replace.bind(3, Int64(partition.partition))
      try replace.bind(4, offset)
      try replace.bind(5, committed.notes[partition] ?? "")
      try replace.run()
    }
  }
}
