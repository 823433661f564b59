import Contract

/// A record to be written. Its bytes are borrowed from the batch.
package struct OutputRecord {
  package var topic: Topic
  package var partition: Int32
  /// In milliseconds since 1970 UTC; nil for the time at which it is written, -1 for none (which Kafka has, and reads as nil).
  package var timestamp: Int64?
  package var key: UnsafeRawBufferPointer?
  /// Nil for a tombstone.
  package var value: UnsafeRawBufferPointer?
  package var headers: RecordHeaders
}

/// Records to be written, laid out in one buffer so that a commit of many records allocates nothing per record.
package struct OutputBatch: Sendable {
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

    func moved(by shift: Int) -> Entry {
      var moved = self
      moved.start += shift
      if headersStart >= 0 { moved.headersStart += shift }
      return moved
    }
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Those that go with the positions; they come last.
  private var onceEntries: [Entry] = []
  /// By `Topic.rawValue`.
  private var counts = [Int](repeating: 0, count: Topic.allCases.count)

  package init() {}

  package var count: Int { entries.count + onceEntries.count }
  package var isEmpty: Bool { entries.isEmpty && onceEntries.isEmpty }
  /// How many records of a topic it holds.
  package func count(of topic: Topic) -> Int { counts[Int(topic.rawValue)] }
  /// Bytes of all keys, values and headers.
  package var byteCount: Int { bytes.count }

  /// Empties the batch and keeps its memory for the next one.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    onceEntries.removeAll(keepingCapacity: true)
    for index in counts.indices { counts[index] = 0 }
  }

  /// Appends a record; a nil `value` is a tombstone. Its headers are the first `carriedCount` of `carried`, the headers of
  /// another record, followed by `headers`. A record marked `once` is written in the transaction that commits the positions,
  /// since unlike an absolute value under a key it must not be written twice.
  package mutating func append(
    _ topic: Topic, partition: Int32, key: [UInt8]?, value: [UInt8]?, timestamp: Int64? = nil,
    carried: RecordHeaders = .none, carriedCount: Int = .max, headers: [Header] = [], once: Bool = false
  ) {
    key.withBytes { key in
      value.withBytes { value in
        append(
          topic, partition: partition, key: key, value: value, timestamp: timestamp, carried: carried,
          carriedCount: carriedCount, headers: headers, once: once)
      }
    }
  }

  /// The same with borrowed bytes.
  package mutating func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64? = nil, carried: RecordHeaders = .none, carriedCount: Int = .max, headers: [Header] = [],
    once: Bool = false
  ) {
    var entry = Entry(topic: topic, partition: partition, timestamp: timestamp, start: bytes.count)
    if let key {
      bytes.append(contentsOf: key)
      entry.keyCount = key.count
    }
    if let value {
      bytes.append(contentsOf: value)
      entry.valueCount = value.count
    }
    var encoded = EncodedHeaders(carried, first: carriedCount)
    for header in headers { encoded.append(header) }
    if !encoded.bytes.isEmpty {
      entry.headersStart = bytes.count
      withUnsafeBytes(of: EncodedHeaders.frame(count: encoded.bytes.count)) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: encoded.bytes)
    }
    counts[Int(topic.rawValue)] += 1
    if once { onceEntries.append(entry) } else { entries.append(entry) }
  }

  /// Appends all records of another batch.
  package mutating func append(contentsOf other: OutputBatch) {
    let shift = bytes.count
    bytes.append(contentsOf: other.bytes)
    for entry in other.entries { entries.append(entry.moved(by: shift)) }
    for entry in other.onceEntries { onceEntries.append(entry.moved(by: shift)) }
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// Appends one record of another batch.
  private mutating func append(_ entry: Entry, of other: OutputBatch, once: Bool) {
    let moved = entry.moved(by: bytes.count - entry.start)
    other.bytes.withUnsafeBytes { bytes.append(contentsOf: $0[entry.start..<other.end(of: entry)]) }
    counts[Int(entry.topic.rawValue)] += 1
    if once { onceEntries.append(moved) } else { entries.append(moved) }
  }

  /// Where its bytes end.
  private func end(of entry: Entry) -> Int {
    guard entry.headersStart >= 0 else {
      return entry.start + max(0, entry.keyCount) + max(0, entry.valueCount)
    }
    let frame = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: entry.headersStart, as: UInt64.self))
    }
    return entry.headersStart + EncodedHeaders.frameSize + Int(frame)
  }

  /// Appends a tombstone.
  package mutating func appendTombstone(_ topic: Topic, partition: Int32, key: [UInt8]) {
    append(topic, partition: partition, key: key, value: [UInt8]?.none)
  }

  /// Calls `body` for each record in order; the bytes are valid only during the call.
  package func forEach<E: Error>(_ body: (OutputRecord) throws(E) -> Void) throws(E) {
    for entry in [entries, onceEntries].joined() {
      try bytes.span.withUnsafeBytes { all throws(E) in try body(Self.record(entry, all)) }
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

extension OutputBatch {
  /// The part of a batch that is written in one of several transactions.
  package struct Part: Sendable {
    package var outputs: OutputBatch
    /// Where the next part starts; nil for the last one, with which the positions are committed.
    package var next: Int?

    package init(outputs: OutputBatch, next: Int?) {
      self.outputs = outputs
      self.next = next
    }
  }

  /// The part that starts at `start`: records as long as there is room. The last part also has all records that are written
  /// once. O(records of the part), or O(1) if the whole batch is one part.
  package func part(from start: Int, _ room: OutputRoom) -> Part {
    let isWhole = entries.last.map { room.takes(bytes: $0.start, records: entries.count) } ?? true
    if start == 0, isWhole { return Part(outputs: self, next: nil) }
    var part = OutputBatch()
    var index = start
    while index < entries.count, room.isLeft(in: part) {
      part.append(entries[index], of: self, once: false)
      index += 1
    }
    guard index == entries.count else { return Part(outputs: part, next: index) }
    for entry in onceEntries { part.append(entry, of: self, once: true) }
    return Part(outputs: part, next: nil)
  }
}

extension [UInt8]? {
  /// Calls `body` with the bytes, which are valid only during the call.
  package func withBytes(_ body: (UnsafeRawBufferPointer?) -> Void) {
    if let self { self.withUnsafeBytes(body) } else { body(nil) }
  }
}
