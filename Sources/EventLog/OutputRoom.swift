/// The maximum size of a batch of outputs.
package struct OutputRoom: Sendable {
  /// Bytes of keys, values and headers.
  package var bytes: Int
  package var records: Int

  package init(bytes: Int = .max, records: Int = .max) {
    self.bytes = bytes
    self.records = records
  }

  package static let unlimited = OutputRoom()

  /// Whether one more record may be appended; always true for an empty batch.
  package func isLeft(in outputs: OutputBatch) -> Bool {
    outputs.isEmpty || (outputs.byteCount < bytes && outputs.count < records)
  }

  /// Whether there is room for so much, or almost. A stage looks whether room is left before it writes all months of a partner,
  /// and the few records too many are not worth a transaction of their own.
  func takes(bytes: Int, records: Int) -> Bool {
    bytes - self.bytes < self.bytes / 32 && records - self.records <= self.records / 32
  }

  package func divided(by count: Int) -> OutputRoom {
    OutputRoom(bytes: bytes / count, records: records / count)
  }

  /// This limit plus the current size of a batch: room for as much again.
  package func besides(_ outputs: OutputBatch) -> OutputRoom {
    OutputRoom(bytes: bytes.adding(outputs.byteCount), records: records.adding(outputs.count))
  }
}

extension Int {
  fileprivate func adding(_ other: Int) -> Int {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }
}
