import Contract
import ReferenceModel

/// Calls `body` with the events as records that borrow their bytes.
func withRecords(_ run: [LoggedEvent], _ body: (UnsafeBufferPointer<Record>) -> Void) {
  let payloads = run.map(\.payload)
  payloads.flatMap { $0 ?? [] }.withUnsafeBytes { bytes in
    var start = 0
    let records = zip(run, payloads).map { logged, payload in
      let count = payload?.count ?? 0
      defer { start += count }
      return Record(
        topic: logged.event.topic, partition: 0, offset: 0, timestamp: logged.timestamp, key: nil,
        value: payload.map { _ in UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]) })
    }
    records.withUnsafeBufferPointer(body)
  }
}
