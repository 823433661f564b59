import Contract
import EventLog
import Platform

/// Buffers records and writes each full buffer in one transaction.
final class SQLiteWriter: LogWriter {
  private struct Entry {
    var topic: Topic
    var partition: Int32
    var timestamp: Int64
    /// The offset of its key in `bytes`; the value and the length-prefixed headers follow.
    var start: Int
    /// The size of the key; -1 if there is none.
    var keyCount: Int
    /// The size of the value; -1 for a tombstone.
    var valueCount: Int
  }

  /// A buffer of this size is written without a flush, so that memory stays bounded.
  private static let maxBytes = 8 << 20
  private static let maxRecords = 50_000

  private let connection: Connection
  private let catalog: TopicCatalog
  private let appender: Appender
  private let file: SharedFile
  private let refused: RefusalHandler?
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  init(_ log: SQLiteLog, _ refused: RefusalHandler?) throws(LogError) {
    try log.requireWriting()
    connection = try FileFormat.open(log.path, .writing, log.options)
    catalog = try TopicCatalog(connection, log.generation)
    appender = try Appender(connection, catalog)
    file = log.file
    self.refused = refused
  }

  func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, headers: RecordHeaders, tag: Int
  ) throws(LogError) {
    try catalog.entry(topic, partition: partition)
    if let timestamp, timestamp > Clock.now + RecordTimeBound.ahead {
      guard let refused else { throw .recordTimeAhead }
      return refused(RefusedRecord(tag: tag, reason: .recordTimeAhead))
    }
    // Before this record is added, so that a record whose append throws is not in the buffer.
    if bytes.count >= Self.maxBytes || entries.count >= Self.maxRecords { try flush() }
    entries.append(
      Entry(
        topic: topic, partition: partition, timestamp: timestamp ?? Clock.now, start: bytes.count,
        keyCount: key?.count ?? -1, valueCount: value?.count ?? -1))
    if let key { bytes.append(contentsOf: key) }
    if let value { bytes.append(contentsOf: value) }
    let encoded = EncodedHeaders(headers).bytes
    withUnsafeBytes(of: EncodedHeaders.frame(count: encoded.count)) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: encoded)
  }

  /// Writes the buffered records. If that fails, they stay for the next call.
  func flush() throws(LogError) {
    if entries.isEmpty { return }
    try file.write(connection) { () throws(LogError) in
      appender.begin()
      // The span of a property cannot be used while its object is.
      let bytes = bytes
      try bytes.span.withUnsafeBytes { all throws(LogError) in
        for entry in entries { try write(entry, all) }
        try appender.finish()
      }
    }
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  private func write(_ entry: Entry, _ all: UnsafeRawBufferPointer) throws(LogError) {
    func part(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer? {
      count < 0 ? nil : UnsafeRawBufferPointer(rebasing: all[start..<start + count])
    }
    let valueStart = entry.start + max(0, entry.keyCount)
    let frame = part(valueStart + max(0, entry.valueCount), EncodedHeaders.frameSize)
    try appender.append(
      entry.topic, entry.partition, timestamp: entry.timestamp, key: part(entry.start, entry.keyCount),
      value: part(valueStart, entry.valueCount),
      headers: frame?.baseAddress.map(RecordHeaders.init(framed:)) ?? .none)
  }
}

extension LogError {
  /// With the name that brokers use for this error.
  fileprivate static let recordTimeAhead = LogError(
    .unusable, code: "INVALID_TIMESTAMP",
    "the record's timestamp is more than \(RecordTimeBound.ahead / 60_000) minutes ahead of this machine's clock"
  )
}
