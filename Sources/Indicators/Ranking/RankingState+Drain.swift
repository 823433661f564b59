import Contract

extension RankingState {
  /// What is still to be told of what had changed when a drain began.
  struct Drain {
    /// The cells whose bars are not worked out yet, the last one first.
    var cells: [Int32]
    /// The slots of one cell that are still to be told, the last one first.
    var slots: (cell: Int, numbers: [Int32]) = (0, [])
  }

  /// Calls `body` with every snapshot and scale that differs from what was told before, as long as there is room. Returns whether
  /// that was all; if not, the next call goes on, and nothing may be applied before that.
  ///
  /// O(changes x months x sqrt(partners of the cell)), and once a month O(everything): the window of months moves.
  @discardableResult
  public func drain(while hasRoom: () -> Bool = { true }, body: (RankingUpdate) -> Void) -> Bool {
    guard clock.newest != nil else { return true }
    let current = clock.currentMonth
    var rest = drain.take() ?? beginDrain(of: current)
    let published = ComponentWindow.published(current)
    let names = published.map(\.description)
    while hasRoom() {
      if let slot = rest.slots.numbers.popLast() {
        publish(slot, of: rest.slots.cell, published, names, body)
      } else if let cell = rest.cells.popLast() {
        rest.slots = (Int(cell), Array(updateBars(of: Int(cell), current, body).reversed()))
      } else {
        endDrain(of: current)
        return true
      }
    }
    drain = rest
    return false
  }

  private func beginDrain(of current: Month) -> Drain {
    markAffected(by: current)
    defer { dirtyCells.removeAll(keepingCapacity: true) }
    return Drain(cells: dirtyCells.sorted(by: >))
  }

  private func endDrain(of current: Month) {
    for partner in dirtyPartners {
      partners[Int(partner)].publishedEnrolment = partners[Int(partner)].enrolment
      partners[Int(partner)].isDirty = false
    }
    dirtyPartners.removeAll(keepingCapacity: true)
    publishedMonth = current
  }

  /// Lets the next drain tell everything that has a snapshot or a scale, as the first one did.
  public func forgetPublished() {
    publishedMonth = nil
    for cell in cells.indices { cells[cell].forgetPublished() }
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

  /// Brings a cell up to date, and tells which months and scales are gone or differ. Returns the slots to tell.
  private func updateBars(of number: Int, _ current: Month, _ body: (RankingUpdate) -> Void) -> [Int32] {
    let published = ComponentWindow.published(current)
    for (month, ranking) in cells[number].publish(published) { drop(month, ranking, of: number, body) }
    var touched: UInt32 = 0
    var slotsToPublish: [Int32] = []
    for slot in cells[number].takeDirtySlots() {
      touched |= rank(slot, of: number, current)
      if cells[number].slots[Int(slot)].dirtyMonths != 0 { slotsToPublish.append(slot) }
    }
    for month in published {
      let bit = UInt32(1) << UInt32(month - published.lowerBound)
      guard touched & bit != 0 else { continue }
      updateBars(month, of: number, body) { slot in
        if cells[number].slots[Int(slot)].dirtyMonths == 0 { slotsToPublish.append(slot) }
        cells[number].slots[Int(slot)].dirtyMonths |= bit
      }
    }
    return slotsToPublish
  }

  /// Tells that nothing is published of a month any more.
  private func drop(_ month: Month, _ ranking: MonthRanking, of number: Int, _ body: (RankingUpdate) -> Void)
  {
    let cell = cells[number].cell
    ranking.forEachSlot { slot in
      let partner = cells[number].slots[Int(slot)].partner
      body(.snapshotRemoved(partnerID: partners[Int(partner)].id, cell: cell, month: month))
    }
    body(.scaleRemoved(cell: cell, month: month))
  }

  /// Brings the values of a slot up to date in each month, and notes the months to publish. Returns a bit for each month
  /// whose values changed; bit 0 is the oldest.
  private func rank(_ slot: Int32, of number: Int, _ current: Month) -> UInt32 {
    let partner = Int(cells[number].slots[Int(slot)].partner)
    let (rows, publishedRows) = (
      cells[number].slots[Int(slot)].rows, cells[number].slots[Int(slot)].publishedRows
    )
    cells[number].slots[Int(slot)].markPublished()
    let published = ComponentWindow.published(current)
    var months = published
    if current == publishedMonth, !partners[partner].isDirty {
      // Months before the first one that differs see nothing of it.
      guard let first = rows.firstDifference(from: publishedRows) else { return 0 }
      months = max(first, published.lowerBound)..<max(first, published.upperBound)
    }
    let new = RankedWindow(rows, partners[partner].enrolment, months, currentMonth: current, isChecked: true)
    note(new.components.outOfRange, of: Int32(partner))
    let old = publishedMonth.map {
      RankedWindow(publishedRows, partners[partner].publishedEnrolment, months, currentMonth: $0)
    }
    var touched: UInt32 = 0
    for month in months {
      let bit = UInt32(1) << UInt32(month - published.lowerBound)
      let before = old?.snapshot(in: month)
      let now = new.snapshot(in: month)
      if before == nil && now == nil { continue }
      if before != now {
        cells[number][month].replace(before, with: now, slot: slot)
        touched |= bit
      } else if let old, let now,
        now.looksAlike(after: old.components[month - 1], or: new.components[month - 1])
      {
        continue
      }
      cells[number].slots[Int(slot)].dirtyMonths |= bit
    }
    return touched
  }

  private func updateBars(
    _ month: Month, of number: Int, _ body: (RankingUpdate) -> Void, moved: (Int32) -> Void
  ) {
    var ranking = MonthRanking()
    // Moved out, so that it is changed in place while `moved` looks at the cell.
    swap(&ranking, &cells[number][month])
    defer { swap(&ranking, &cells[number][month]) }
    let differs = ranking.updateBars(moved: moved)
    if ranking.partners == 0 {
      body(.scaleRemoved(cell: cells[number].cell, month: month))
    } else if differs {
      body(.scale(scale(of: ranking, cells[number].cell, month)))
    }
  }
}

/// A partner's components in a cell, and in which months they are shown.
private struct RankedWindow {
  private let published: Range<Month>
  /// Of the months, and of the one before them.
  let components: ComponentWindow
  private let enrolment: Enrolment

  init(
    _ rows: PackedRows, _ enrolment: Enrolment, _ months: Range<Month>, currentMonth: Month,
    isChecked: Bool = false
  ) {
    published = ComponentWindow.published(currentMonth)
    components = ComponentWindow(
      rows, in: months.lowerBound - 1..<months.upperBound, isChecked: isChecked)
    self.enrolment = enrolment
  }

  /// What the snapshot of a month is made of; nil for none.
  /// SEMANTICS: "a snapshot exists if the month is published, the partner is eligible in it, and a component is not zero".
  func snapshot(in month: Month) -> ComponentValues? {
    guard published.contains(month), enrolment.isEligible(in: month) else { return nil }
    let components = components[month]
    return components.isZero ? nil : components
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
