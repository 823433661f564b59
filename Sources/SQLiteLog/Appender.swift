import Contract
import EventLog

/// Appends records within a transaction of its connection: `begin`, `append` for each record, `finish`.
final class Appender {
  private let catalog: TopicCatalog
  private let insert: Statement
  private let replace: Statement
  private let loadNext: Statement
  private let storeNext: Statement
  /// The next offset by slot; -1 if this transaction has not read it yet.
  private var next: [Int64]
  private var touched: [TopicPartition] = []

  init(_ connection: Connection, _ catalog: TopicCatalog) throws(LogError) {
    self.catalog = catalog
    insert = try Statement(connection, "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)")
    replace = try Statement(
      connection, "INSERT OR REPLACE INTO compacted_records VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    loadNext = try Statement(
      connection, "SELECT next_offset FROM partitions WHERE topic = ? AND partition = ?")
    storeNext = try Statement(
      connection, "UPDATE partitions SET next_offset = ?3 WHERE topic = ?1 AND partition = ?2")
    next = Array(repeating: -1, count: catalog.slotCount)
  }

  /// Forgets the offsets of the last transaction, which may have been rolled back; others may have written since.
  func begin() {
    for partition in touched {
      if let entry = catalog[partition.topic] { next[entry.firstSlot + Int(partition.partition)] = -1 }
    }
    touched.removeAll(keepingCapacity: true)
  }

  /// Appends a record. In a compacted topic, deletes the older record of the same key, unless the topic keeps older records.
  /// `timestamp` is in milliseconds since 1970 UTC. O(log n).
  func append(
    _ topic: Topic, _ partition: Int32, timestamp: Int64, key: UnsafeRawBufferPointer?,
    value: UnsafeRawBufferPointer?, headers: RecordHeaders
  ) throws(LogError) {
    let entry = try catalog.entry(topic, partition: partition)
    let slot = entry.firstSlot + Int(partition)
    if next[slot] < 0 {
      next[slot] = try loadNext(entry, partition)
      touched.append(TopicPartition(topic, partition))
    }
    let statement = entry.isCompacted ? replace : insert
    try statement.bind(1, entry.id)
    try statement.bind(2, Int64(partition))
    try statement.bind(3, next[slot])
    try statement.bind(4, timestamp)
    try statement.bind(5, borrowed: key)
    try statement.bind(6, borrowed: value)
    if entry.isCompacted { try statement.bind(8, topic.keepsOlderRecords ? next[slot] + 2 : 0) }
    try run(statement, EncodedHeaders(headers).bytes)
    next[slot] += 1
  }

  /// Stores the next offsets, as the last step of the transaction.
  func finish() throws(LogError) {
    for partition in touched {
      let entry = try catalog.entry(partition.topic)
      try storeNext.bind(1, entry.id)
      try storeNext.bind(2, Int64(partition.partition))
      try storeNext.bind(3, next[entry.firstSlot + Int(partition.partition)])
      try storeNext.run()
    }
  }

  private func loadNext(_ entry: TopicCatalog.Entry, _ partition: Int32) throws(LogError) -> Int64 {
    try loadNext.bind(1, entry.id)
    try loadNext.bind(2, Int64(partition))
    defer { loadNext.reset() }
    guard try loadNext.step() else {
      throw LogError(
        .unusable, code: "SQLITE_CORRUPT", "\(catalog.path): a partition has no row in 'partitions'")
    }
    return loadNext.int64(0)
  }

  private func run(_ statement: Statement, _ headers: [UInt8]) throws(LogError) {
    if headers.isEmpty {
      try statement.bind(7, borrowed: nil)
      return try statement.run()
    }
    try headers.span.withUnsafeBytes { bytes throws(LogError) in
      try statement.bind(7, borrowed: bytes)
      try statement.run()
    }
  }
}
