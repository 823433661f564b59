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
  private var headers: [[Header]] = []

  public init() {}

  public var count: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }
  /// Bytes of all keys and values.
  public var byteCount: Int { bytes.count }

  /// Empties the batch and keeps its memory for the next one.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    headers.removeAll(keepingCapacity: true)
  }

  /// Appends a record; a nil `value` is a tombstone.
  public mutating func append(
    _ topic: Topic, partition: Int32, key: some Collection<UInt8>, value: (some Collection<UInt8>)?,
    headers recordHeaders: [Header] = []
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
    entries.append(entry)
  }

  /// Appends all records of another batch.
  public mutating func append(contentsOf other: OutputBatch) {
    other.forEach { topic, partition, key, value, headers in
      append(topic, partition: partition, key: key, value: value, headers: headers)
    }
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
    for entry in entries {
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
