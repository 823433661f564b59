import Contract

/// The values and bars of a cell in a month, over all ranked partners.
struct MonthRanking {
  /// By indicator.
  private var values = [OrderStatistics](repeating: OrderStatistics(), count: IndicatorKind.allCases.count)
  /// As published.
  private(set) var bars = [Bars](repeating: Bars(), count: IndicatorKind.allCases.count)
  /// The indicators whose values changed since the bars were made; a bit each.
  private var touched: UInt8 = 0

  /// Ranked partners: revenue is defined for each.
  var partners: Int { values[IndicatorKind.netNewRevenue.rawValue].count }

  /// Replaces the values of a partner; nil where it has no snapshot.
  mutating func replace(_ old: ComponentValues?, with new: ComponentValues?, slot: Int32) {
    for indicator in IndicatorKind.allCases {
      let (old, new) = (old?.value(of: indicator), new?.value(of: indicator))
      if old == new { continue }
      touched |= 1 << UInt8(indicator.rawValue)
      if let old { values[indicator.rawValue].remove(old, slot: slot) }
      if let new { values[indicator.rawValue].insert(new, slot: slot) }
    }
  }

  /// Calls `body` with every ranked partner.
  func forEachSlot(_ body: (Int32) -> Void) {
    values[IndicatorKind.netNewRevenue.rawValue].forEachSlot(body)
  }

  /// Makes the bars anew, calling `moved` with each partner whose bar may be another one. Returns whether a bar differs
  /// from what is published. O(sqrt n + partners moved).
  mutating func updateBars(moved: (Int32) -> Void) -> Bool {
    var differs = false
    for indicator in 0..<values.count where touched >> UInt8(indicator) & 1 == 1 {
      let old = bars[indicator]
      let new = Bars(values[indicator])
      guard new != old else { continue }
      if !new.looksLike(old) { differs = true }
      bars[indicator] = new
      guard let before = old.quartiles, let after = new.quartiles else { continue }
      for b in 1...3 where before[b] != after[b] {
        values[indicator].forEachSlot(
          above: min(before[b], after[b]), through: max(before[b], after[b]), moved)
      }
    }
    touched = 0
    return differs
  }
}
