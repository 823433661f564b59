import Contract

/// The values and bars of a cell in a month, over all ranked partners.
struct MonthRanking {
  /// By indicator.
  private var values = IndicatorKind.allCases.map {
    OrderStatistics(unit: $0.definition.formula.commonDenominator)
  }
  /// As published.
  private(set) var bars = [Bars](repeating: Bars(), count: IndicatorKind.allCases.count)
  /// The indicators whose values changed since the bars were made; a bit each.
  private var touched: UInt32 = 0

  /// The number of ranked partners: all of them have a revenue.
  var partners: Int { values[IndicatorKind.netNewRevenue.rawValue].count }

  /// Bytes besides the values: two arrays, and the four bars of each indicator.
  static let fixedBytes =
    MemoryLayout<MonthRanking>.stride
    + IndicatorKind.allCases.count
    * (MemoryLayout<OrderStatistics>.stride + MemoryLayout<Bars>.stride + 32 + 4
      * MemoryLayout<Bars.Bar>.stride)

  /// Bytes of the values. O(1).
  var valueBytes: Int { values.reduce(0) { $0 + $1.byteCount } }

  /// Replaces the values of a partner; nil where it has no snapshot.
  mutating func replace(_ old: ComponentValues?, with new: ComponentValues?, slot: Int32) {
    for indicator in IndicatorKind.allCases {
      let (old, new) = (old?.value(of: indicator), new?.value(of: indicator))
      if old == new { continue }
      touched |= 1 << UInt32(indicator.rawValue)
      if let new, old == nil {
        values[indicator.rawValue].add(new, slot: slot)
      } else {
        values[indicator.rawValue].settle()
        values[indicator.rawValue].replace(old, with: new, slot: slot)
      }
    }
  }

  /// Calls `body` with every ranked partner.
  func forEachSlot(_ body: (Int32) -> Void) {
    values[IndicatorKind.netNewRevenue.rawValue].forEachSlot(body)
  }

  /// Recomputes the bars, and calls `moved` with each partner whose bar may have changed. Returns whether a bar differs from the
  /// published one. O(sqrt n + partners moved).
  mutating func updateBars(moved: (Int32) -> Void) -> Bool {
    var differs = false
    for indicator in IndicatorKind.allCases where touched >> UInt32(indicator.rawValue) & 1 == 1 {
      values[indicator.rawValue].settle()
      let old = bars[indicator.rawValue]
      let new = Bars(values[indicator.rawValue])
      guard new != old else { continue }
      if !new.looksLike(old) { differs = true }
      bars[indicator.rawValue] = new
      guard let before = old.quartiles, let after = new.quartiles else { continue }
      for b in 1...3 where before[b] != after[b] {
        let (low, high) = (min(before[b], after[b]), max(before[b], after[b]))
        values[indicator.rawValue].forEachSlot(above: low, through: high, moved)
      }
    }
    touched = 0
    return differs
  }
}
