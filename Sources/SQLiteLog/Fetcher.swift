import Contract
import EventLog
import Platform

/// Reads a set of partitions, each from its position, in batches that take records from all of them in turn.
final class Fetcher {
  /// The fetched records; valid until the next `fetch`.
  let batch: RecordArena
  /// The partitions that this batch reads to the end, with their end offsets.
  private(set) var finished: [(partition: TopicPartition, end: Int64)] = []

  private struct Cursor {
    var partition: TopicPartition
    var entry: TopicCatalog.Entry
    var position: Int64
    /// The end that was reported last, -1 if none.
    var reportedEnd: Int64 = -1
  }

  private let connection: Connection
  private let catalog: TopicCatalog
  private let plain: Statement
  private let compacted: Statement
  private let loadBounds: Statement
  private var bounds: PartitionBounds
  private var cursors: [Cursor] = []
  /// The index of the cursor that the next batch starts with.
  private var first = 0
  private var changes: ChangeWatch
  /// The number of calls of `read` and `remove`, which may come while a batch is being delivered.
  private var moves = 0
  private var movesAtFetch = 0
  /// Whether there may be records that did not fit into the last batch.
  private(set) var hasMore = false

  init(
    _ connection: Connection, _ catalog: TopicCatalog, signal: CommitSignal, options: SQLiteLog.Options
  ) throws(LogError) {
    self.connection = connection
    self.catalog = catalog
    plain = try Self.select(connection, from: "records")
    compacted = try Self.select(connection, from: "compacted_records")
    loadBounds = try PartitionBounds.statement(connection)
    bounds = PartitionBounds(catalog)
    changes = try ChangeWatch(connection, signal)
    batch = RecordArena(bytes: options.fetchBytes, records: options.fetchRecords)
  }

  private static func select(_ connection: Connection, from table: String) throws(LogError) -> Statement {
    try Statement(
      connection,
      """
      SELECT "offset", timestamp, key, value, headers FROM \(table)
      WHERE topic = ? AND partition = ? AND "offset" >= ? ORDER BY "offset" LIMIT ?
      """)
  }

  /// Reads `partition` from `position` from now on.
  func read(_ partition: TopicPartition, from position: Int64) throws(LogError) {
    let entry = try catalog.entry(partition.topic, partition: partition.partition)
    let cursor = Cursor(partition: partition, entry: entry, position: position)
    if let index = cursors.firstIndex(where: { $0.partition == partition }) {
      cursors[index] = cursor
    } else {
      cursors.append(cursor)
    }
    hasMore = true
    moves += 1
  }

  func remove(where isRemoved: (TopicPartition) -> Bool) {
    cursors.removeAll { isRemoved($0.partition) }
    moves += 1
  }

  /// The next position of each partition.
  var positions: Positions { Positions(uniqueKeysWithValues: cursors.map { ($0.partition, $0.position) }) }

  /// Whether everything before `ends` has been read.
  func hasReached(_ ends: Positions) -> Bool {
    cursors.allSatisfy { $0.position >= ends[$0.partition] ?? 0 }
  }

  /// An element of `finished`, unless its partition was repositioned or removed since the fetch.
  func stillFinished(_ index: Int) -> (partition: TopicPartition, end: Int64)? {
    let (partition, end) = finished[index]
    if movesAtFetch == moves { return finished[index] }
    return cursors.contains { $0.partition == partition && $0.position == end } ? finished[index] : nil
  }

  /// Waits until there may be something to fetch; returns false if there is nothing by `deadline` (`Clock.monotonic`).
  func wait(until deadline: Int64, interval: Int64) throws(LogError) -> Bool {
    if hasMore { return true }
    return try changes.wait(until: deadline, interval: interval)
  }

  /// Fills `batch` and `finished` from one snapshot of the file.
  func fetch() throws(LogError) {
    batch.removeAll()
    finished.removeAll(keepingCapacity: true)
    movesAtFetch = moves
    try changes.mark()
    hasMore = false
    if cursors.isEmpty { return }
    let before = cursors
    do throws(LogError) {
      try connection.read { () throws(LogError) in
        try bounds.load(loadBounds)
        try checkPositions()
        try fillBatch()
        noteFinished()
      }
    } catch {
      // The records read so far are not delivered, so they must be read again.
      batch.removeAll()
      finished.removeAll(keepingCapacity: true)
      cursors = before
      hasMore = true
      throw error
    }
  }

  private func fillBatch() throws(LogError) {
    var backlog = cursors.count { $0.position < end(of: $0) }
    defer { first = (first + 1) % cursors.count }
    for turn in cursors.indices {
      let index = (first + turn) % cursors.count
      guard cursors[index].position < end(of: cursors[index]) else { continue }
      guard batch.freeRecords > 0 else {
        hasMore = true
        return
      }
      // An equal share of the free room; what a partition does not need goes to the later ones.
      try fetch(index, limit: max(1, batch.freeRecords / backlog))
      backlog -= 1
    }
  }

  private func end(of cursor: Cursor) -> Int64 {
    bounds[slot: cursor.entry.firstSlot + Int(cursor.partition.partition)].upperBound
  }

  private func checkPositions() throws(LogError) {
    for cursor in cursors {
      let range = bounds[slot: cursor.entry.firstSlot + Int(cursor.partition.partition)]
      guard cursor.position < range.lowerBound || cursor.position > range.upperBound else { continue }
      throw LogError(
        .unusable, code: "OFFSET_OUT_OF_RANGE",
        "\(catalog.path): \(cursor.partition) has offsets \(range.lowerBound) to \(range.upperBound), "
          + "but offset \(cursor.position) was requested")
    }
  }

  private func noteFinished() {
    for index in cursors.indices {
      let end = end(of: cursors[index])
      guard cursors[index].position == end, cursors[index].reportedEnd != end else { continue }
      cursors[index].reportedEnd = end
      finished.append((cursors[index].partition, end))
    }
  }

  private func fetch(_ index: Int, limit: Int) throws(LogError) {
    let partition = cursors[index].partition
    let rows = cursors[index].entry.isCompacted ? compacted : plain
    try rows.bind(1, cursors[index].entry.id)
    try rows.bind(2, Int64(partition.partition))
    try rows.bind(3, cursors[index].position)
    try rows.bind(4, Int64(limit))
    defer { rows.reset() }
    var taken = 0
    while try rows.step() {
      let record = Record(
        topic: partition.topic, partition: partition.partition, offset: rows.int64(0),
        timestamp: rows.int64(1),
        key: rows.bytes(2), value: rows.bytes(3))
      guard batch.append(record, headers: rows.bytes(4)) else {
        hasMore = true
        return
      }
      cursors[index].position = record.offset + 1
      taken += 1
    }
    if taken < limit {
      cursors[index].position = end(of: cursors[index])
    } else {
      hasMore = true
    }
  }
}
