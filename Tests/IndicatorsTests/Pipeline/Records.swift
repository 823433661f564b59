import Contract
import ReferenceModel

/// Calls `body` with the events as records that borrow their bytes.
func withRecords(_ run: [LoggedEvent], _ body: (UnsafeBufferPointer<Record>) -> Void) {
  let keys = run.map { Array($0.event.key.utf8) }
  let payloads = run.map(\.payload)
  zip(keys, payloads).flatMap { $0 + ($1 ?? []) }.withUnsafeBytes { bytes in
    var start = 0
    func next(_ count: Int) -> UnsafeRawBufferPointer {
      defer { start += count }
      return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }
    let records = run.indices.map { index in
      Record(
        topic: run[index].event.topic, partition: 0, offset: Int64(index), timestamp: run[index].timestamp,
        key: next(keys[index].count), value: payloads[index].map { next($0.count) })
    }
    records.withUnsafeBufferPointer(body)
  }
}
