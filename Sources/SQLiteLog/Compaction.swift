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
  static let stepRecords: Int64 = 1000

  private let catalog: TopicCatalog
  private let committedByAll: Statement
  private let position: Statement
  private let deleteOlder: Statement
  private let move: Statement
  /// The partitions in which there was more to do after the last step.
  private var behind: Set<TopicPartition> = []

  init(_ connection: Connection, _ catalog: TopicCatalog) throws(LogError) {
    self.catalog = catalog
    committedByAll = try Statement(
      connection,
      """
      SELECT min("offset") FROM positions WHERE topic = ? AND partition = ? AND group_name <> '\(Self.group)'
      """)
    position = try Statement(
      connection,
      """
      SELECT "offset" FROM positions WHERE topic = ? AND partition = ? AND group_name = '\(Self.group)'
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
    move = try Statement(
      connection,
      "INSERT OR REPLACE INTO positions (group_name, topic, partition, \"offset\") VALUES ('\(Self.group)', ?, ?, ?)"
    )
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
    let end = try offset(committedByAll, topic, partition.partition)
    let start = try offset(position, topic, partition.partition)
    let next = min(end, start + Self.stepRecords)
    if start < next {
      for statement in [deleteOlder, move] {
        try statement.bind(1, topic)
        try statement.bind(2, Int64(partition.partition))
      }
      try deleteOlder.bind(3, start)
      try deleteOlder.bind(4, next)
      try deleteOlder.run()
      try move.bind(3, next)
      try move.run()
    }
    if next < end { behind.insert(partition) } else { behind.remove(partition) }
  }

  /// The first column of `statement` for a partition; 0 if it has no row or is NULL.
  private func offset(_ statement: Statement, _ topic: Int64, _ partition: Int32) throws(LogError) -> Int64 {
    try statement.bind(1, topic)
    try statement.bind(2, Int64(partition))
    defer { statement.reset() }
    return try statement.step() ? statement.int64(0) : 0
  }
}
