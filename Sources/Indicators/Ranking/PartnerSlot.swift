import Contract

/// A partner's entry in a cell: its rows summed over all sources, and what is published of them.
struct PartnerSlot {
  let partner: Int32
  /// The months to publish again, a bit each; bit 0 is the oldest published month.
  var dirtyMonths: UInt32 = 0
  /// The sum over all sources.
  private(set) var rows = PackedRows()
  /// The sum that the published snapshots were computed from; shares memory with `rows` until that changes.
  private(set) var publishedRows = PackedRows()
  /// The rows of each source, if there are several.
  private var contributions: [(source: UInt32, rows: PackedRows)] = []
  /// The source of all of `rows`, if `contributions` is empty.
  private var onlySource: UInt32 = 0
  var isDirty = false
  /// Whether it is listed for the current drain; `isTurning`, whether for a month's turn.
  private var isListed = false
  var isTurning = false

  init(partner: Int32) { self.partner = partner }

  var sources: [(source: UInt32, rows: PackedRows)] {
    if !contributions.isEmpty { return contributions }
    return rows.isEmpty ? [] : [(onlySource, rows)]
  }

  /// Bytes of the rows of several sources.
  var contributionBytes: Int { contributions.heldBytes + contributions.reduce(0) { $0 + $1.rows.byteCount } }

  /// Replaces the rows of a source; returns whether they differ, and a component whose amount no longer fits. O(rows).
  mutating func replace(_ new: PackedRows, from source: UInt32) -> (isNew: Bool, outOfRange: Component?) {
    let old = rows(of: source)
    if new == old { return (false, nil) }
    if contributions.isEmpty, rows.isEmpty || onlySource == source {
      (rows, onlySource) = (new, source)
      return (true, nil)
    }
    let (sum, outOfRange) = rows.replacing(old, with: new)
    if contributions.isEmpty { contributions = [(onlySource, rows)] }
    rows = sum
    setContribution(of: source, new)
    return (true, outOfRange)
  }

  private func rows(of source: UInt32) -> PackedRows {
    if contributions.isEmpty { return source == onlySource ? rows : PackedRows() }
    return contributions.first { $0.source == source }?.rows ?? PackedRows()
  }

  private mutating func setContribution(of source: UInt32, _ rows: PackedRows) {
    let index = contributions.firstIndex { $0.source == source }
    if let index, rows.isEmpty {
      contributions.remove(at: index)
      // With one source left, its rows are the sum, and are stored once.
      guard contributions.count == 1 else { return }
      (onlySource, self.rows) = contributions[0]
      contributions = []
    } else if let index {
      contributions[index].rows = rows
    } else {
      // Few partners have many sources, so no spare capacity is allocated.
      contributions = contributions + [(source, rows)]
    }
  }

  mutating func markPublished() {
    publishedRows = rows
    isDirty = false
  }

  /// Lists it for the current drain; returns whether it was not listed yet.
  mutating func list() -> Bool {
    defer { isListed = true }
    return !isListed
  }

  /// Returns the months to publish, and marks them as published.
  mutating func takeDirtyMonths() -> UInt32 {
    defer { (dirtyMonths, isListed, isTurning) = (0, false, false) }
    return dirtyMonths
  }

  mutating func forgetPublished() {
    publishedRows = PackedRows()
    (dirtyMonths, isListed, isTurning) = (0, false, false)
  }
}
