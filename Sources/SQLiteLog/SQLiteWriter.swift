import Contract
import EventLog

/// Buffers records and writes each bufferful in one transaction.
final class SQLiteWriter: LogWriter {
  private struct Entry {
    var topic: Topic
    var partition: Int32
    var timestamp: Int64
    var start: Int
    var keyCount: Int
    /// -1 for a tombstone.
    var valueCount: Int
  }

  /// A buffer of this size is written without being asked, so that memory stays bounded.
  private static let maxBytes = 8 << 20
  private static let maxRecords = 50_000

  private let connection: Connection
  private let catalog: TopicCatalog
  private let appender: Appender
  private let file: SharedFile
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  init(_ log: SQLiteLog) throws(LogError) {
    try log.requireWriting()
    connection = try FileFormat.open(log.path, .writing, log.options)
    catalog = try TopicCatalog(connection, log.generation)
    appender = try Appender(connection, catalog)
    file = log.file
  }

  func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?,
    timestamp: Int64?
  ) throws(LogError) {
    try catalog.entry(topic, partition: partition)
    // Before this record is taken, so that one whose append throws is not in the buffer.
    if bytes.count >= Self.maxBytes || entries.count >= Self.maxRecords { try flush() }
    entries.append(
      Entry(
        topic: topic, partition: partition, timestamp: timestamp ?? Clock.now, start: bytes.count,
        keyCount: key.count, valueCount: value?.count ?? -1))
    bytes.append(contentsOf: key)
    if let value { bytes.append(contentsOf: value) }
  }

  /// Keeps what it could not write, for the next call.
  func flush() throws(LogError) {
    if entries.isEmpty { return }
    try file.write(connection) { () throws(LogError) in
      appender.begin()
      let outcome: Result<Void, LogError> = bytes.withUnsafeBytes { all in
        do throws(LogError) {
          for entry in entries { try write(entry, all) }
          return .success(try appender.finish())
        } catch {
          return .failure(error)
        }
      }
      try outcome.get()
    }
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  private func write(_ entry: Entry, _ all: UnsafeRawBufferPointer) throws(LogError) {
    let valueStart = entry.start + entry.keyCount
    let value =
      entry.valueCount < 0
      ? nil : UnsafeRawBufferPointer(rebasing: all[valueStart..<valueStart + entry.valueCount])
    try appender.append(
      entry.topic, entry.partition, timestamp: entry.timestamp,
      key: UnsafeRawBufferPointer(rebasing: all[entry.start..<valueStart]), value: value, headers: [])
  }
}
