import Contract
import EventLog

/// Records to be handed out together.
struct SimulatedBatch {
  private var bytes: [UInt8] = []
  private var records:
    [(place: TopicPartition, offset: Int64, timestamp: Int64?, key: Range<Int>, value: Range<Int>?)] =
      []

  var isEmpty: Bool { records.isEmpty }

  mutating func append(_ entry: SimulatedPartition.Entry, _ partition: TopicPartition) {
    let key = bytes.count..<bytes.count + entry.key.count
    bytes += entry.key
    let value = entry.value.map { bytes.count..<bytes.count + $0.count }
    bytes += entry.value ?? []
    records.append((partition, entry.offset, entry.timestamp, key, value))
  }

  /// Calls `body` unless there is nothing; the bytes are valid only during the call.
  func handOut(_ body: (UnsafeBufferPointer<Record>) -> Void) {
    if isEmpty { return }
    // One byte more, so that even a batch without bytes has an address.
    (bytes + [0]).withUnsafeBytes { all in
      records.map {
        Record(
          topic: $0.place.topic, partition: $0.place.partition, offset: $0.offset, timestamp: $0.timestamp,
          key: UnsafeRawBufferPointer(rebasing: all[$0.key]),
          value: $0.value.map { UnsafeRawBufferPointer(rebasing: all[$0]) })
      }.withUnsafeBufferPointer(body)
    }
  }
}
