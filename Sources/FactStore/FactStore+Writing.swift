import Contract
import EventLog
import Indicators
import SQLiteLog

extension FactStore {
  /// Adds a batch in one transaction, unless somebody else has moved the positions that it starts from. Returns whether it did.
  /// O(batch log batch).
  func add(_ batch: inout FactBatch, from start: Positions, to end: Positions) throws(LogError) -> Bool {
    batch.sort()
    let isAdded = try connection.write { () throws(LogError) in
      guard try positions() == start else { return false }
      try insert(batch)
      try insertMembers(batch)
      try insertClock(batch)
      try write(end)
      if try connection.integer("SELECT count(*) FROM recent") >= runLength { try endRun() }
      return true
    }
    batch.removeAll()
    return isAdded
  }

  private func insert(_ batch: FactBatch) throws(LogError) {
    // Of actions that say the same, the one that came first is kept.
    let statement = try Statement(
      connection,
      """
      INSERT INTO recent VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, place) DO UPDATE SET
        partition = excluded.partition, "offset" = excluded."offset", timestamp = excluded.timestamp,
        key = excluded.key, value = excluded.value
        WHERE excluded.timestamp < timestamp
      """)
    var failure: LogError?
    batch.bytes.withUnsafeBytes { bytes in
      do throws(LogError) {
        for entry in batch.entries { try insert(entry, bytes, statement) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func insert(
    _ entry: FactBatch.Entry, _ bytes: UnsafeRawBufferPointer, _ statement: Statement
  ) throws(LogError) {
    let (key, value) = (entry.start, entry.start + (entry.keyCount ?? 0))
    try statement.bind(1, entry.owner)
    try statement.bind(2, entry.place)
    try statement.bind(3, Int64(entry.topic.rawValue))
    try statement.bind(4, Int64(entry.partition))
    try statement.bind(5, entry.offset)
    if let timestamp = entry.timestamp {
      try statement.bind(6, timestamp)
    } else {
      try statement.bind(6, borrowed: nil)
    }
    try statement.bind(
      7, borrowed: entry.keyCount.map { _ in UnsafeRawBufferPointer(rebasing: bytes[key..<value]) })
    try statement.bind(8, borrowed: UnsafeRawBufferPointer(rebasing: bytes[value..<value + entry.valueCount]))
    try statement.run()
  }

  private func insertMembers(_ batch: FactBatch) throws(LogError) {
    let statement = try Statement(connection, "INSERT OR IGNORE INTO members VALUES (?, ?, ?, ?)")
    for member in batch.members {
      try statement.bind(1, member.partner)
      try statement.bind(2, member.isPerson ? 1 : 0)
      try statement.bind(3, member.low)
      try statement.bind(4, member.high)
      try statement.run()
    }
  }

  private func insertClock(_ batch: FactBatch) throws(LogError) {
    let newest = try Statement(
      connection,
      "INSERT INTO clock VALUES (?, ?) ON CONFLICT (minute) DO UPDATE SET newest = max(newest, excluded.newest)"
    )
    for (minute, instant) in batch.clock {
      try newest.bind(1, minute)
      try newest.bind(2, instant)
      try newest.run()
    }
    let first = try Statement(
      connection,
      "INSERT INTO months VALUES (?, ?) ON CONFLICT (month) DO UPDATE SET arrived = min(arrived, excluded.arrived)"
    )
    for (month, arrived) in batch.months {
      try first.bind(1, Int64(month))
      try first.bind(2, arrived)
      try first.run()
    }
  }

  private func write(_ positions: Positions) throws(LogError) {
    let statement = try Statement(connection, "INSERT OR REPLACE INTO positions VALUES (?, ?, ?)")
    for (partition, position) in positions {
      try statement.bind(1, Int64(partition.topic.rawValue))
      try statement.bind(2, Int64(partition.partition))
      try statement.bind(3, position)
      try statement.run()
    }
  }

  private func endRun() throws(LogError) {
    let run = try connection.integer("SELECT coalesce(max(run), 0) + 1 FROM runs")
    try connection.execute(
      """
      INSERT INTO runs VALUES (\(run));
      INSERT INTO events SELECT \(run), * FROM recent ORDER BY owner, place;
      DELETE FROM recent;
      """)
  }
}
