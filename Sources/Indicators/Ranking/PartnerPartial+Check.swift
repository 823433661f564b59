import Contract

extension PartnerPartial {
  /// Whether the program can have written it: a cell is that of a partner, rows ascend, their months are possible ones, and
  /// only levels, which stand as changes, are negative. O(rows).
  package var isWellFormed: Bool {
    guard cell == nil || !partnerID.isEmpty else { return false }
    var previous = Int32.min
    for row in rows {
      guard row.month > previous, Month.possible.contains(Month(index: row.month)),
        !row.values.hasNegative || Component.allCases.allSatisfy({ $0.isLevel || row.values[$0] >= 0 })
      else { return false }
      previous = row.month
    }
    return true
  }
}
