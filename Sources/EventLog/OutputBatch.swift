import Contract

/// A record to be written. Its bytes are borrowed from the batch.
public struct OutputRecord {
  public var topic: Topic
  public var partition: Int32
  /// In milliseconds since 1970 UTC; nil for the time at which it is written, -1 for none (which Kafka has, and reads as nil).
  public var timestamp: Int64?
  public var key: UnsafeRawBufferPointer?
  /// Nil for a tombstone.
  public var value: UnsafeRawBufferPointer?
  public var headers: RecordHeaders
}

/// Records to be written, laid out in one buffer so that a commit of many records allocates nothing per record.
public struct OutputBatch: Sendable {
  private struct Entry: Sendable {
    var topic: Topic
    var partition: Int32
    var timestamp: Int64?
    /// Where its key starts; its value follows.
    var start: Int
    /// -1 for none.
    var keyCount = -1
    /// -1 for a tombstone.
    var valueCount = -1
    /// Where its headers start, behind their frame; -1 for none.
    var headersStart = -1
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  public init() {}

  public var count: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }
  /// Bytes of all keys, values and headers.
  public var byteCount: Int { bytes.count }

  /// Empties the batch and keeps its memory for the next one.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  /// Appends a record; a nil `value` is a tombstone. Its headers are the first `carriedCount` of `carried`, which are those of
  /// another record, and then `headers`.
  public mutating func append(
    _ topic: Topic, partition: Int32, key: (some Collection<UInt8>)?, value: (some Collection<UInt8>)?,
    timestamp: Int64? = nil, carried: RecordHeaders = .none, carriedCount: Int = .max, headers: [Header] = []
  ) {
    var entry = Entry(topic: topic, partition: partition, timestamp: timestamp, start: bytes.count)
    if let key {
      bytes.append(contentsOf: key)
      entry.keyCount = bytes.count - entry.start
    }
    let valueStart = bytes.count
    if let value {
      bytes.append(contentsOf: value)
      entry.valueCount = bytes.count - valueStart
    }
    var encoded = EncodedHeaders(carried.prefix(carriedCount))
    for header in headers { encoded.append(header) }
    if !encoded.bytes.isEmpty {
      entry.headersStart = bytes.count
      withUnsafeBytes(of: EncodedHeaders.frame(count: encoded.bytes.count)) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: encoded.bytes)
    }
    entries.append(entry)
  }

  /// Appends all records of another batch.
  public mutating func append(contentsOf other: OutputBatch) {
    let shift = bytes.count
    bytes.append(contentsOf: other.bytes)
    for var entry in other.entries {
      entry.start += shift
      if entry.headersStart >= 0 { entry.headersStart += shift }
      entries.append(entry)
    }
  }

  /// Appends a tombstone.
  public mutating func appendTombstone(_ topic: Topic, partition: Int32, key: some Collection<UInt8>) {
    append(topic, partition: partition, key: key, value: [UInt8]?.none)
  }

  /// Calls `body` for each record in order; the bytes are valid only during the call.
  public func forEach<E: Error>(_ body: (OutputRecord) throws(E) -> Void) throws(E) {
    for entry in entries {
      // Through a Result, since withUnsafeBytes does not pass a typed error on in every toolchain.
      let outcome: Result<Void, E> = bytes.withUnsafeBytes { all in
        do throws(E) {
          return .success(try body(Self.record(entry, all)))
        } catch {
          return .failure(error)
        }
      }
      try outcome.get()
    }
  }

  private static func record(_ entry: Entry, _ all: UnsafeRawBufferPointer) -> OutputRecord {
    func part(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer? {
      count < 0 ? nil : UnsafeRawBufferPointer(rebasing: all[start..<start + count])
    }
    var headers = RecordHeaders.none
    if entry.headersStart >= 0, let base = all.baseAddress {
      headers = RecordHeaders(framed: base + entry.headersStart)
    }
    return OutputRecord(
      topic: entry.topic, partition: entry.partition, timestamp: entry.timestamp,
      key: part(entry.start, entry.keyCount),
      value: part(entry.start + max(0, entry.keyCount), entry.valueCount), headers: headers)
  }
}
