import Contract

/// Records to be written, laid out in one buffer so that a commit of many records allocates nothing per record.
public struct OutputBatch: Sendable {
  /// A header of a record; headers carry what is about the record and not in it (why it was refused, say).
  public typealias Header = (name: String, value: [UInt8])

  struct Entry: Sendable {
    var topic: Topic
    var partition: Int32
    var keyStart: Int
    var keyCount: Int
    var valueStart: Int
    /// -1 for a tombstone.
    var valueCount: Int
    var headers: Int32
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Those that go with the positions; they come last.
  private var onceEntries: [Entry] = []
  private var headers: [[Header]] = []
  /// By `Topic.rawValue`.
  private var counts = [Int](repeating: 0, count: Topic.allCases.count)

  public init() {}

  public var count: Int { entries.count + onceEntries.count }
  public var isEmpty: Bool { entries.isEmpty && onceEntries.isEmpty }
  /// How many records of a topic it holds.
  public func count(of topic: Topic) -> Int { counts[Int(topic.rawValue)] }
  /// Bytes of all keys and values.
  public var byteCount: Int { bytes.count }

  /// Empties the batch and keeps its memory for the next one.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    onceEntries.removeAll(keepingCapacity: true)
    for index in counts.indices { counts[index] = 0 }
    headers.removeAll(keepingCapacity: true)
  }

  /// Appends a record; a nil `value` is a tombstone. One that is written `once` goes into the transaction that commits the
  /// positions: unlike an absolute value under a key it must not be written again after a failure.
  public mutating func append(
    _ topic: Topic, partition: Int32, key: some Collection<UInt8>, value: (some Collection<UInt8>)?,
    headers recordHeaders: [Header] = [], once: Bool = false
  ) {
    var entry = Entry(
      topic: topic, partition: partition, keyStart: bytes.count, keyCount: 0, valueStart: 0, valueCount: -1,
      headers: -1)
    bytes.append(contentsOf: key)
    entry.keyCount = bytes.count - entry.keyStart
    entry.valueStart = bytes.count
    if let value {
      bytes.append(contentsOf: value)
      entry.valueCount = bytes.count - entry.valueStart
    }
    if !recordHeaders.isEmpty {
      entry.headers = Int32(headers.count)
      headers.append(recordHeaders)
    }
    counts[Int(topic.rawValue)] += 1
    if once { onceEntries.append(entry) } else { entries.append(entry) }
  }

  /// Appends all records of another batch.
  public mutating func append(contentsOf other: OutputBatch) {
    for entry in other.entries { append(entry, of: other, once: false) }
    for entry in other.onceEntries { append(entry, of: other, once: true) }
  }

  private mutating func append(_ entry: Entry, of other: OutputBatch, once: Bool) {
    let value =
      entry.valueCount < 0 ? nil : other.bytes[entry.valueStart..<entry.valueStart + entry.valueCount]
    append(
      entry.topic, partition: entry.partition,
      key: other.bytes[entry.keyStart..<entry.keyStart + entry.keyCount],
      value: value, headers: entry.headers < 0 ? [] : other.headers[Int(entry.headers)], once: once)
  }

  /// Appends a tombstone.
  public mutating func appendTombstone(_ topic: Topic, partition: Int32, key: some Collection<UInt8>) {
    append(topic, partition: partition, key: key, value: [UInt8]?.none)
  }

  /// Calls `body` for each record in order; the bytes are valid only during the call.
  public func forEach<E: Error>(
    _ body: (
      _ topic: Topic, _ partition: Int32, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?,
      _ headers: [Header]
    ) throws(E) -> Void
  ) throws(E) {
    for entry in [entries, onceEntries].joined() {
      // Through a Result, since withUnsafeBytes does not pass a typed error on in every toolchain.
      let outcome: Result<Void, E> = bytes.withUnsafeBytes { all in
        let key = UnsafeRawBufferPointer(rebasing: all[entry.keyStart..<entry.keyStart + entry.keyCount])
        let value =
          entry.valueCount < 0
          ? nil
          : UnsafeRawBufferPointer(rebasing: all[entry.valueStart..<entry.valueStart + entry.valueCount])
        let recordHeaders = entry.headers < 0 ? [] : headers[Int(entry.headers)]
        do throws(E) {
          return .success(try body(entry.topic, entry.partition, key, value, recordHeaders))
        } catch {
          return .failure(error)
        }
      }
      try outcome.get()
    }
  }
}

extension OutputBatch {
  /// What one of several transactions holds of a batch.
  public struct Part: Sendable {
    public var outputs: OutputBatch
    /// Where the next part starts; nil for the last one, with which the positions are committed.
    public var next: Int?
  }

  /// The part that starts at `start`: records up to the limits, but at least one. The last part also holds all that is to be
  /// written once. O(records of the part), or O(1) if all is one part.
  public func part(from start: Int, mostBytes: Int, mostRecords: Int) -> Part {
    if start == 0, byteCount <= mostBytes, count <= mostRecords { return Part(outputs: self, next: nil) }
    var part = OutputBatch()
    var index = start
    while index < entries.count, part.isEmpty || part.count < mostRecords {
      let size = entries[index].keyCount + max(0, entries[index].valueCount)
      if !part.isEmpty, part.byteCount + size > mostBytes { break }
      part.append(entries[index], of: self, once: false)
      index += 1
    }
    guard index == entries.count else { return Part(outputs: part, next: index) }
    for entry in onceEntries { part.append(entry, of: self, once: true) }
    return Part(outputs: part, next: nil)
  }
}
