import Contract
import EventLog

/// Records to be handed out together.
struct SimulatedBatch {
  private struct Place {
    var partition: TopicPartition
    var offset: Int64
    var timestamp: Int64?
    var key: Range<Int>?
    var value: Range<Int>?
    /// Where its headers start, behind their frame.
    var headersStart: Int
  }

  private var bytes: [UInt8] = []
  private var records: [Place] = []

  var isEmpty: Bool { records.isEmpty }

  mutating func append(_ entry: SimulatedPartition.Entry, _ partition: TopicPartition) {
    let (key, value) = (append(entry.key), append(entry.value))
    records.append(
      Place(
        partition: partition, offset: entry.offset, timestamp: entry.timestamp, key: key, value: value,
        headersStart: bytes.count))
    let headers = EncodedHeaders(entry.headers).bytes
    withUnsafeBytes(of: EncodedHeaders.frame(count: headers.count)) { bytes += Array($0) }
    bytes += headers
  }

  private mutating func append(_ part: [UInt8]?) -> Range<Int>? {
    guard let part else { return nil }
    bytes += part
    return bytes.count - part.count..<bytes.count
  }

  /// Calls `body` unless there is nothing; the bytes are valid only during the call.
  func handOut(_ body: (UnsafeBufferPointer<Record>) -> Void) {
    if isEmpty { return }
    bytes.withUnsafeBytes { all in
      records.map {
        Record(
          topic: $0.partition.topic, partition: $0.partition.partition, offset: $0.offset,
          timestamp: $0.timestamp, key: $0.key.map { UnsafeRawBufferPointer(rebasing: all[$0]) },
          value: $0.value.map { UnsafeRawBufferPointer(rebasing: all[$0]) },
          headers: all.baseAddress.map { [start = $0.headersStart] in RecordHeaders(framed: $0 + start) }
            ?? .none)
      }.withUnsafeBufferPointer(body)
    }
  }
}
