import Contract

extension RankingState {
  /// Calls `body` with every snapshot and scale that differs from what was told before.
  ///
  /// O(changes x months x sqrt(partners of the cell)), and once a month O(everything): the window of months moves.
  public func drain(_ body: (RankingUpdate) -> Void) {
    guard clock.newest != nil else { return }
    let current = clock.currentMonth
    markAffected(by: current)
    for number in dirtyCells.sorted() {
      drain(Int(number), current, body)
    }
    dirtyCells.removeAll(keepingCapacity: true)
    for partner in dirtyPartners {
      partners[Int(partner)].publishedEnrolment = partners[Int(partner)].enrolment
      partners[Int(partner)].isDirty = false
    }
    dirtyPartners.removeAll(keepingCapacity: true)
    publishedMonth = current
  }

  /// Marks what a new current month or a partner's new eligibility touches.
  private func markAffected(by current: Month) {
    if current != publishedMonth {
      for cell in cells.indices {
        for slot in cells[cell].slots.indices { markDirty(Int32(slot), of: Int32(cell)) }
      }
    } else {
      for partner in dirtyPartners {
        for (cell, slot) in partners[Int(partner)].slots { markDirty(slot, of: cell) }
      }
    }
  }

  private func drain(_ number: Int, _ current: Month, _ body: (RankingUpdate) -> Void) {
    let published = ComponentWindow.published(current)
    var touched: Set<Month> = []
    var slotsToPublish: [Int32] = []
    let dirtySlots = cells[number].takeDirtySlots()
    for slot in dirtySlots {
      rank(slot, of: number, current, &touched, body)
      if cells[number].slots[Int(slot)].dirtyMonths != 0 { slotsToPublish.append(slot) }
    }
    for month in touched.sorted() {
      var ranking = cells[number].months.removeValue(forKey: month) ?? MonthRanking()
      let wasPublished = ranking.bars[IndicatorKind.netNewRevenue.rawValue].partners > 0
      let differs = ranking.updateBars { slot in
        if cells[number].slots[Int(slot)].dirtyMonths == 0 { slotsToPublish.append(slot) }
        cells[number].slots[Int(slot)].dirtyMonths |= 1 << UInt32(month - published.lowerBound)
      }
      if ranking.partners > 0 {
        if differs { body(.scale(scale(of: ranking, cells[number].cell, month))) }
        cells[number].months[month] = ranking
      } else if wasPublished {
        body(.scaleRemoved(cell: cells[number].cell, month: month))
      }
    }
    for slot in slotsToPublish { publish(slot, of: number, current, body) }
  }

  /// Brings the values of a slot up to date in each month, and notes the months to publish.
  private func rank(
    _ slot: Int32, of number: Int, _ current: Month, _ touched: inout Set<Month>,
    _ body: (RankingUpdate) -> Void
  ) {
    let partner = partners[Int(cells[number].slots[Int(slot)].partner)]
    let new = RankedWindow(
      cells[number].slots[Int(slot)].rows, partner.enrolment, currentMonth: current)
    let old = publishedMonth.map {
      RankedWindow(
        cells[number].slots[Int(slot)].publishedRows, partner.publishedEnrolment, currentMonth: $0)
    }
    cells[number].slots[Int(slot)].markPublished()

    if let old {
      for month in old.months where old.hasSnapshot(in: month) && !new.months.contains(month) {
        replaceValues(of: slot, in: month, old.components[month], nil, &cells[number].months)
        touched.insert(month)
        body(.snapshotRemoved(partnerID: partner.id, cell: cells[number].cell, month: month))
      }
    }
    for month in new.months {
      let before = old.flatMap { $0.hasSnapshot(in: month) ? $0.components[month] : nil }
      let now = new.hasSnapshot(in: month) ? new.components[month] : nil
      if before == nil && now == nil { continue }
      if before != now {
        replaceValues(of: slot, in: month, before, now, &cells[number].months)
        touched.insert(month)
      } else if let old, let now,
        now.looksAlike(after: old.components[month - 1], or: new.components[month - 1])
      {
        continue
      }
      cells[number].slots[Int(slot)].dirtyMonths |= 1 << UInt32(month - new.months.lowerBound)
    }
  }

  private func replaceValues(
    of slot: Int32, in month: Month, _ old: ComponentValues?, _ new: ComponentValues?,
    _ months: inout [Month: MonthRanking]
  ) {
    for indicator in IndicatorKind.allCases {
      months[month, default: MonthRanking()].replace(
        old?.value(of: indicator), with: new?.value(of: indicator), of: indicator, slot: slot)
    }
  }
}

/// A partner's components in a cell, and in which months they are shown.
private struct RankedWindow {
  let months: Range<Month>
  let components: ComponentWindow
  private let enrolment: Enrolment

  init(_ rows: MonthRows, _ enrolment: Enrolment, currentMonth: Month) {
    months = ComponentWindow.published(currentMonth)
    components = ComponentWindow(rows, currentMonth: currentMonth)
    self.enrolment = enrolment
  }

  /// SEMANTICS: "a snapshot exists if the month is published, the partner is eligible in it, and a component is not zero".
  func hasSnapshot(in month: Month) -> Bool {
    months.contains(month) && !components[month].isZero && enrolment.isEligible(in: month)
  }
}

extension ComponentValues {
  /// Whether every indicator looks the same after either month: by the double of that month's value and by the trend.
  fileprivate func looksAlike(after a: ComponentValues, or b: ComponentValues) -> Bool {
    a == b
      || IndicatorKind.allCases.allSatisfy { indicator in
        let (now, a, b) = (value(of: indicator), a.value(of: indicator), b.value(of: indicator))
        return a == b
          || (a?.double == b?.double && Trend(of: now, against: a) == Trend(of: now, against: b))
      }
  }
}
