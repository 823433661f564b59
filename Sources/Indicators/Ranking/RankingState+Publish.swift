import Contract

/// A record to publish: a value or a tombstone, under its key.
package enum RankingUpdate: Sendable {
  case snapshot(IndicatorSnapshot)
  case snapshotRemoved(partnerID: String, cell: Cell, month: Month)
  case scale(IndicatorScale)
  case scaleRemoved(cell: Cell, month: Month)
}

extension RankingState {
  /// Publishes the dirty snapshots of a slot, with the current bars. `names` are the texts of the published months.
  func publish(
    _ slot: Int32, of number: Int, _ published: Range<Month>, _ names: [String], _ enrolment: Enrolment,
    _ body: (RankingUpdate) -> Void
  ) {
    let partner = Int(cells[number].slots[Int(slot)].partner)
    for month in cells[number].takeGoneMonths(of: slot) {
      body(.snapshotRemoved(partnerID: partners[partner].id, cell: cells[number].cell, month: month))
    }
    let dirtyMonths = cells[number].slots[Int(slot)].takeDirtyMonths()
    guard !isDiscarding else { return }
    let first = published.lowerBound + Int32(dirtyMonths.trailingZeroBitCount)
    guard first < published.upperBound else { return }
    // From one month earlier, since a snapshot also has the previous value.
    let components = ComponentWindow(
      cells[number].slots[Int(slot)].publishedRows, in: first - 1..<published.upperBound)
    for month in first..<published.upperBound {
      let index = Int(month - published.lowerBound)
      guard dirtyMonths >> UInt32(index) & 1 == 1 else { continue }
      guard !components[month].isZero, enrolment.isEligible(in: month) else {
        body(.snapshotRemoved(partnerID: partners[partner].id, cell: cells[number].cell, month: month))
        continue
      }
      // An earlier owner may have published more of it.
      if turn?.isResumed == true, !isKept(month) { continue }
      var snapshot = IndicatorSnapshot()
      snapshot.partnerID = partners[partner].id
      snapshot.cell = cells[number].cell
      snapshot.month = names[index]
      snapshot.components = components[month]
      snapshot.asOf = clock.newest
      for indicator in IndicatorKind.allCases {
        snapshot[indicator] = Indicator(
          value: components[month].value(of: indicator), previous: components[month - 1].value(of: indicator),
          bars: cells[number][month].bars[indicator.rawValue])
      }
      body(.snapshot(snapshot))
    }
  }

  /// Whether a month stays published when the turn is complete. The others keep their snapshots as they are until the turn deletes
  /// them, since sources that have advanced no longer send their rows.
  func isKept(_ month: Month) -> Bool {
    month >= ComponentWindow.published(clock.currentMonth).lowerBound
  }

  func scale(of ranking: MonthRanking, _ cell: Cell, _ month: Month) -> IndicatorScale {
    var scale = IndicatorScale()
    scale.cell = cell
    scale.month = month.description
    scale.scales = IndicatorKind.allCases.map { indicator in
      let bars = ranking.bars[indicator.rawValue]
      var result = IndicatorScale.Scale()
      result.indicator = indicator.name
      result.partners = Int32(bars.partners)
      result.bars = bars.bars.enumerated().map { index, bar in
        IndicatorScale.Bar(
          bar: Int32(index + 1), partners: Int32(bar.partners), min: bar.range?.lowerBound.double,
          max: bar.range?.upperBound.double)
      }
      return result
    }
    return scale
  }
}

extension Indicator {
  /// SEMANTICS, "Trend" and "Bars".
  fileprivate init(value: Ratio?, previous: Ratio?, bars: Bars) {
    self.init(
      value: value?.double, previous: previous?.double, trend: Trend(of: value, against: previous),
      bar: value.flatMap(bars.bar(of:)))
  }
}

extension Trend {
  init(of value: Ratio?, against previous: Ratio?) {
    guard let value, let previous, value != previous else {
      self = .unchanged
      return
    }
    self = value > previous ? .up : .down
  }
}
