import Contract

/// A partner's place in a cell.
struct PartnerSlot {
  let partner: Int32
  /// What each source partition says, encoded: a tenth of the size, and touched only when it changes.
  private var contributions: [(source: UInt32, encoded: [UInt8])] = []
  /// The sum over all sources.
  private(set) var rows = MonthRows()
  /// The sum that the published snapshots were made of; shares memory with `rows` until that changes.
  private(set) var publishedRows = MonthRows()
  var isDirty = false
  /// Which published months have to be published anew; bit 0 is the oldest.
  var dirtyMonths: UInt32 = 0

  init(partner: Int32) { self.partner = partner }

  var sources: [(source: UInt32, rows: [MonthRow])] {
    contributions.map { ($0.source, Self.decode($0.encoded)) }
  }

  /// Replaces what a source says; returns whether that is anything new, and whether an amount does not fit any more. O(rows).
  mutating func replace(_ newRows: [MonthRow], from source: UInt32) -> (isNew: Bool, isOutOfRange: Bool) {
    let index = contributions.firstIndex { $0.source == source }
    let oldRows = index.map { Self.decode(contributions[$0].encoded) } ?? []
    if newRows == oldRows { return (false, false) }
    let isOutOfRange = rows.replace(oldRows, with: newRows)
    if let index {
      contributions[index].encoded = Self.encode(newRows)
      if newRows.isEmpty { contributions.remove(at: index) }
    } else {
      contributions.append((source, Self.encode(newRows)))
    }
    return (true, isOutOfRange)
  }

  mutating func markPublished() {
    publishedRows = rows
    isDirty = false
  }

  mutating func forgetPublished() {
    publishedRows = MonthRows()
    dirtyMonths = 0
  }

  private static func encode(_ rows: [MonthRow]) -> [UInt8] {
    var partial = PartnerPartial()
    partial.rows = rows
    var bytes: [UInt8] = []
    partial.encode(into: &bytes)
    return bytes
  }

  private static func decode(_ bytes: [UInt8]) -> [MonthRow] {
    do {
      return try bytes.withUnsafeBytes { try PartnerPartial(protobuf: $0).rows }
    } catch {
      preconditionFailure("bytes that `encode` made cannot be read: \(error)")
    }
  }
}
