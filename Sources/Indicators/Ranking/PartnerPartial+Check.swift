import Contract

extension PartnerPartial {
  /// Whether the program can have written it: rows ascend, and their months are possible ones. O(rows).
  package var isWellFormed: Bool {
    var previous = Int32.min
    for row in rows {
      guard row.month > previous, Month.possible.contains(Month(index: row.month)) else { return false }
      previous = row.month
    }
    return true
  }
}
