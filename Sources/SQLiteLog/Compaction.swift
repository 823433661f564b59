import Contract
import EventLog

/// Deletes older records in topics that keep them (`Topic.keepsOlderRecords`), once all groups have committed a newer record
/// of the same key.
///
/// A group can commit millions of records at once, so a step looks only at some of them: each commit makes one step, and
/// the others follow while there is nothing to read. How far the steps have come is stored as the position of a group
/// without a name.
final class Compaction {
  /// The group whose positions are those of the compaction.
  private static let group = ""
  /// The maximum number of records that one step looks at, each of them in a random place of the file.
  private static let stepRecords: Int64 = 1000

  private let catalog: TopicCatalog
  private let positions: PositionStore
  private let committedByAll: Statement
  private let deleteOlder: Statement
  /// The partitions in which there was more to do after the last step.
  private var behind: Set<TopicPartition> = []

  init(_ connection: Connection, _ catalog: TopicCatalog, _ positions: PositionStore) throws(LogError) {
    self.catalog = catalog
    self.positions = positions
    committedByAll = try Statement(
      connection,
      """
      SELECT min("offset") FROM positions WHERE topic = ? AND partition = ? AND group_name <> '\(Self.group)'
      """)
    // CROSS JOIN and the index of keys, since SQLite would look through all older records instead.
    deleteOlder = try Statement(
      connection,
      """
      DELETE FROM compacted_records WHERE topic = ?1 AND partition = ?2 AND "offset" IN (
        SELECT older."offset" FROM compacted_records newer
        CROSS JOIN compacted_records older INDEXED BY sqlite_autoindex_compacted_records_2
          ON older.topic = ?1 AND older.partition = ?2 AND older.key = newer.key AND older."offset" < newer."offset"
        WHERE newer.topic = ?1 AND newer.partition = ?2 AND newer."offset" >= ?3 AND newer."offset" < ?4)
      """)
  }

  /// Whether a step has left something to do.
  var isBehind: Bool { !behind.isEmpty }

  /// Makes a step in one of the partitions that are behind, within the caller's transaction.
  func step() throws(LogError) {
    if let partition = behind.first { try step(in: partition) }
  }

  /// Makes a step in `partition`, within the caller's transaction. O(log n) for each of at most `stepRecords` records.
  func step(in partition: TopicPartition) throws(LogError) {
    let topic = try catalog.entry(partition.topic, partition: partition.partition).id
    let end = try committedByAll(topic, partition.partition)
    let start = try positions.load([partition], of: Self.group).positions[partition] ?? 0
    let next = min(end, start + Self.stepRecords)
    if start < next {
      try deleteOlder.bind(1, topic)
      try deleteOlder.bind(2, Int64(partition.partition))
      try deleteOlder.bind(3, start)
      try deleteOlder.bind(4, next)
      try deleteOlder.run()
      try positions.store(CommittedPositions(positions: [partition: next]), of: Self.group)
    }
    if next < end { behind.insert(partition) } else { behind.remove(partition) }
  }

  /// The offset up to which all groups of the partition have committed; 0 if it has no group.
  private func committedByAll(_ topic: Int64, _ partition: Int32) throws(LogError) -> Int64 {
    try committedByAll.bind(1, topic)
    try committedByAll.bind(2, Int64(partition))
    defer { committedByAll.reset() }
    return try committedByAll.step() ? committedByAll.int64(0) : 0
  }
}
