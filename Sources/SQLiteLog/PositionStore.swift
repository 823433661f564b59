import Contract
import EventLog

/// The committed positions of groups.
final class PositionStore {
  private let catalog: TopicCatalog
  private let select: Statement
  private let replace: Statement
  private let committedByAll: Statement
  private let settleNewest: Statement
  private let dropOlder: Statement

  init(_ connection: Connection, _ catalog: TopicCatalog) throws(LogError) {
    self.catalog = catalog
    select = try Statement(
      connection,
      "SELECT \"offset\", note FROM positions WHERE group_name = ? AND topic = ? AND partition = ?")
    replace = try Statement(connection, "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)")
    committedByAll = try Statement(
      connection, "SELECT min(\"offset\") FROM positions WHERE topic = ? AND partition = ?")
    settleNewest = try Statement(
      connection,
      """
      UPDATE OR REPLACE compacted_records SET settled = 1
      WHERE topic = ?1 AND partition = ?2 AND "offset" IN (
        SELECT max("offset") FROM compacted_records
        WHERE topic = ?1 AND partition = ?2 AND "offset" >= ?3 AND "offset" < ?4 GROUP BY key)
      """)
    dropOlder = try Statement(
      connection,
      """
      DELETE FROM compacted_records
      WHERE topic = ?1 AND partition = ?2 AND "offset" >= ?3 AND "offset" < ?4 AND settled <> 1
      """)
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
      let entry = try catalog.entry(partition.topic, partition: partition.partition)
      let isKept = partition.topic.keepsOlderRecords
      let before = isKept ? try committedByAll(entry, partition) : 0
      try replace.bind(2, entry.id)
      try replace.bind(3, Int64(partition.partition))
      try replace.bind(4, offset)
      try replace.bind(5, committed.notes[partition] ?? "")
      try replace.run()
      if isKept { try settle(entry, partition, from: before, to: try committedByAll(entry, partition)) }
    }
  }

  /// The offset up to which all groups of the partition have committed; 0 if it has no group.
  private func committedByAll(
    _ entry: TopicCatalog.Entry, _ partition: TopicPartition
  ) throws(LogError) -> Int64 {
    try committedByAll.bind(1, entry.id)
    try committedByAll.bind(2, Int64(partition.partition))
    defer { committedByAll.reset() }
    return try committedByAll.step() ? committedByAll.int64(0) : 0
  }

  /// Compacts a range of offsets that all groups have committed: keeps only the newest record of each key. O(records).
  private func settle(
    _ entry: TopicCatalog.Entry, _ partition: TopicPartition, from: Int64, to: Int64
  ) throws(LogError) {
    guard from < to else { return }
    for statement in [settleNewest, dropOlder] {
      try statement.bind(1, entry.id)
      try statement.bind(2, Int64(partition.partition))
      try statement.bind(3, from)
      try statement.bind(4, to)
      try statement.run()
    }
  }
}
