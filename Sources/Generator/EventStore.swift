import Contract

/// An event as it goes into a log. Its bytes are valid only during the call that hands it out.
package struct GeneratedEvent {
  package var topic: Topic
  package var key: UnsafeRawBufferPointer
  /// Protobuf.
  package var value: UnsafeRawBufferPointer
  /// The time of the event, and of the record, in milliseconds since 1970 UTC.
  package var timestamp: Int64
}

/// Events in one buffer, each with the time at which it is reported.
struct EventStore {
  private struct Entry {
    var due: Int64
    var timestamp: Int64
    var topic: Topic
    var start: Int
    var keyCount: Int
    var valueCount: Int
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  var count: Int { entries.count }

  /// - Parameters:
  ///   - time: of the event, in milliseconds since 1970.
  ///   - due: when it comes to be known, in milliseconds since 1970.
  mutating func append(_ message: some InputMessage, at time: Int64, due: Int64) {
    let start = bytes.count
    message.key.withUTF8Bytes { bytes.append(contentsOf: $0) }
    let valueStart = bytes.count
    message.encode(into: &bytes)
    entries.append(
      Entry(
        due: due, timestamp: time, topic: type(of: message).topic, start: start, keyCount: valueStart - start,
        valueCount: bytes.count - valueStart))
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  /// Sorts the events by when they are reported; those of the same moment keep their order.
  mutating func sort() {
    // The place in the buffer breaks ties, since the sort is not stable.
    entries.sort { ($0.due, $0.start) < ($1.due, $1.start) }
  }

  func due(of index: Int) -> Int64 { entries[index].due }

  func withEvent(_ index: Int, _ body: (GeneratedEvent) throws -> Void) rethrows {
    let entry = entries[index]
    try bytes.withUnsafeBytes { all in
      let valueStart = entry.start + entry.keyCount
      try body(
        GeneratedEvent(
          topic: entry.topic, key: UnsafeRawBufferPointer(rebasing: all[entry.start..<valueStart]),
          value: UnsafeRawBufferPointer(rebasing: all[valueStart..<valueStart + entry.valueCount]),
          timestamp: entry.timestamp))
    }
  }

  func forEach(_ body: (GeneratedEvent) throws -> Void) rethrows {
    for index in entries.indices { try withEvent(index, body) }
  }
}
