import Contract

/// The key of a snapshot: partner, cell and month.
package struct SnapshotKey: Sendable {
  package var partnerID: String
  package var cell: Cell
  /// Such as "2026-11".
  package var month: String

  package init(partnerID: String, cell: Cell, month: String) {
    self.partnerID = partnerID
    self.cell = cell
    self.month = month
  }

  /// Decodes "partner_id|product|workload|country|month". Only the partner's id may contain "|", so the other fields are the last
  /// four.
  package init?(recordKey: UnsafeRawBufferPointer) {
    let parts = fields(of: recordKey)
    guard parts.count >= 5 else { return nil }
    let last = parts.suffix(4).map(text)
    partnerID = text(parts.dropLast(4).joined(separator: [bar]))
    cell = Cell(product: last[0], workload: last[1], country: last[2])
    month = last[3]
  }
}

/// The key of a scale: cell and month.
package struct ScaleKey: Sendable {
  package var cell: Cell
  /// Such as "2026-11".
  package var month: String

  package init(cell: Cell, month: String) {
    self.cell = cell
    self.month = month
  }

  /// Decodes "product|workload|country|month".
  package init?(recordKey: UnsafeRawBufferPointer) {
    let parts = fields(of: recordKey).map(text)
    guard parts.count == 4 else { return nil }
    cell = Cell(product: parts[0], workload: parts[1], country: parts[2])
    month = parts[3]
  }
}

private let bar = UInt8(ascii: "|")

private func fields(of key: UnsafeRawBufferPointer) -> [Slice<UnsafeRawBufferPointer>] {
  key.split(separator: bar, omittingEmptySubsequences: false)
}

private func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
