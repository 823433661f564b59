import Contract

extension RankingState {
  /// What is still to be published of the changes from before the drain.
  struct Drain {
    /// The cells whose bars are to be recomputed; taken from the end.
    var cells: [Int32]
    /// The slots of the cell at hand that are still to be published; taken from the end.
    var slots: (cell: Int, numbers: [Int32]) = (0, [])
  }

  /// The two phases of a drain.
  package enum DrainPhase {
    /// Publishes what partials have changed.
    case changes
    /// Publishes what a month's turn has changed.
    case turn
  }

  /// Calls `body` with every snapshot and scale that differs from what was published before, while there is room. Returns
  /// whether that was all; if not, the next call continues, and no partial may be applied before it.
  ///
  /// Once a month everything differs, since the window of months moves. With `turnsApart` the drain is complete without this
  /// month's turn, which continues with the next drains as far as they have room for it; `turningFrom` says whether any of it
  /// is left.
  ///
  /// O(changes x months x sqrt(partners of the cell)), and for a month's turn O(everything).
  @discardableResult
  package func drain(
    turnsApart: Bool = false, while hasRoom: (DrainPhase) -> Bool = { _ in true },
    body: (RankingUpdate) -> Void
  ) -> Bool {
    guard clock.newest != nil else { return true }
    isMidway = true
    // A month's turn is completed before the next one begins.
    if let publishedMonth, publishedMonth != clock.currentMonth, turn != nil {
      guard drain(asOf: publishedMonth, turnsApart: false, while: { _ in hasRoom(.changes) }, body) else {
        return false
      }
    }
    guard drain(asOf: clock.currentMonth, turnsApart: turnsApart, while: hasRoom, body) else { return false }
    isMidway = false
    return true
  }

  /// Drains as if `current` were the current month.
  func drain(
    asOf current: Month, turnsApart: Bool, while hasRoom: (DrainPhase) -> Bool,
    _ body: (RankingUpdate) -> Void
  ) -> Bool {
    if drain == nil { drain = beginDrain(of: current) }
    guard publishChanges(of: current, while: { hasRoom(.changes) }, body),
      publishTurn(while: { hasRoom(.turn) }, body) || turnsApart
    else { return false }
    drain = nil
    return true
  }

  private func publishChanges(
    of current: Month, while hasRoom: () -> Bool, _ body: (RankingUpdate) -> Void
  ) -> Bool {
    guard var rest = drain else { return true }
    let published = ComponentWindow.published(current)
    let names = published.map(\.description)
    while hasRoom() {
      if let slot = rest.slots.numbers.popLast() {
        let enrolment = partners[Int(cells[rest.slots.cell].slots[Int(slot)].partner)].enrolment
        publish(slot, of: rest.slots.cell, published, names, enrolment, body)
      } else if let cell = rest.cells.popLast() {
        rest.slots = (Int(cell), Array(updateBars(of: Int(cell), current, body).reversed()))
      } else {
        drain = rest
        endDrain()
        return true
      }
    }
    drain = rest
    return false
  }

  private func beginDrain(of current: Month) -> Drain {
    if let publishedMonth {
      if current != publishedMonth { beginTurn(from: publishedMonth) }
    } else {
      for cell in cells.indices {
        for slot in cells[cell].slots.indices { markDirty(Int32(slot), of: Int32(cell)) }
      }
    }
    publishedMonth = current
    for partner in dirtyPartners {
      for (cell, slot) in partners[Int(partner)].slots { markDirty(slot, of: cell) }
    }
    defer { dirtyCells.removeAll(keepingCapacity: true) }
    return Drain(cells: dirtyCells.sorted(by: >))
  }

  private func endDrain() {
    for partner in dirtyPartners {
      partners[Int(partner)].publishedEnrolment = partners[Int(partner)].enrolment
      partners[Int(partner)].isDirty = false
    }
    dirtyPartners.removeAll(keepingCapacity: true)
  }

  /// Makes the next drain publish everything that has a snapshot or a scale, as the first drain did, and write the tombstones that
  /// an incomplete turn has not written. O(everything).
  package func publishAgain() {
    let from = turn?.from
    forgetPublished()
    guard let from, clock.newest != nil, from < clock.currentMonth else { return }
    discard(asOf: from)
    let months = ComponentWindow.published(clock.currentMonth)
    publishedMonth = nil
    for cell in cells.indices { cells[cell].forgetPublished(within: months) }
  }

  /// Forgets what is published.
  func forgetPublished() {
    (publishedMonth, turn, drain) = (nil, nil, nil)
    for cell in cells.indices { cells[cell].forgetPublished() }
  }

  /// Marks everything as published as it would be if `month` were the current one.
  func discard(asOf month: Month) {
    isDiscarding = true
    defer { isDiscarding = false }
    _ = drain(asOf: month, turnsApart: false, while: { _ in true }) { _ in }
  }

  /// Recomputes a cell's bars, and publishes its scales that differ and the tombstones of those that are gone. Returns the slots to
  /// publish.
  private func updateBars(of number: Int, _ current: Month, _ body: (RankingUpdate) -> Void) -> [Int32] {
    for month in cells[number].takeGoneScales() {
      body(.scaleRemoved(cell: cells[number].cell, month: month))
    }
    turn(number, to: current, body)
    let published = ComponentWindow.published(current)
    var touched: UInt32 = 0
    var slotsToPublish: [Int32] = []
    func list(_ slot: Int32) {
      if cells[number].slots[Int(slot)].list() { slotsToPublish.append(slot) }
    }
    for slot in cells[number].takeDirtySlots() {
      let changed = rank(slot, of: number, published)
      touched |= changed.ranked
      // If the slot has a turn ahead: a task that resumes the turn could not know that it had values in a month that is gone.
      if changed.shown != 0 || cells[number].slots[Int(slot)].isTurning { list(slot) }
    }
    for month in published {
      let bit = UInt32(1) << UInt32(month - published.lowerBound)
      guard touched & bit != 0 else { continue }
      updateBars(month, of: number, body) { slot in
        guard isKept(month) else { return }
        list(slot)
        cells[number].slots[Int(slot)].dirtyMonths |= bit
      }
    }
    return slotsToPublish
  }

  /// Updates the values of a slot in the rankings of each month, and notes the months to publish. Returns the months whose values
  /// have changed (`ranked`) and those to publish (`shown`), a bit each; bit 0 is the oldest.
  private func rank(_ slot: Int32, of number: Int, _ published: Range<Month>) -> (
    ranked: UInt32, shown: UInt32
  ) {
    let partner = Int(cells[number].slots[Int(slot)].partner)
    let (rows, publishedRows) = (
      cells[number].slots[Int(slot)].rows, cells[number].slots[Int(slot)].publishedRows
    )
    cells[number].slots[Int(slot)].markPublished()
    var months = published
    if !partners[partner].isDirty {
      // Months before the first one that differs are unaffected.
      guard let first = rows.firstDifference(from: publishedRows) else { return (0, 0) }
      months = max(first, published.lowerBound)..<max(first, published.upperBound)
    }
    let new = RankedWindow(rows, partners[partner].enrolment, months, isChecked: true)
    note(new.components.outOfRange, of: Int32(partner))
    let old =
      publishedRows.isEmpty
      ? nil : RankedWindow(publishedRows, partners[partner].publishedEnrolment, months)
    var (ranked, shown): (UInt32, UInt32) = (0, 0)
    for month in months {
      let bit = UInt32(1) << UInt32(month - published.lowerBound)
      let before = old?.snapshot(in: month)
      let now = new.snapshot(in: month)
      if before == nil && now == nil { continue }
      if before != now {
        cells[number][month].replace(before, with: now, slot: slot)
        ranked |= bit
        if now == nil, cells[number].takeUnpublished(bit, of: slot) { continue }
        if before != nil, now != nil, !isKept(month) { continue }
      } else if let old, let now,
        now.looksAlike(after: old.components[month - 1], or: new.components[month - 1])
      {
        continue
      }
      shown |= bit
    }
    cells[number].slots[Int(slot)].dirtyMonths |= shown
    return (ranked, shown)
  }

  func updateBars(
    _ month: Month, of number: Int, _ body: (RankingUpdate) -> Void, moved: (Int32) -> Void
  ) {
    var ranking = MonthRanking()
    // Moved out, since `moved` accesses the cell while the ranking changes.
    swap(&ranking, &cells[number][month])
    defer { swap(&ranking, &cells[number][month]) }
    let wasPublished = ranking.bars[0].partners > 0
    let differs = ranking.updateBars(moved: moved)
    if ranking.partners == 0 {
      body(.scaleRemoved(cell: cells[number].cell, month: month))
    } else if differs, !isDiscarding {
      if isKept(month) || !wasPublished { body(.scale(scale(of: ranking, cells[number].cell, month))) }
    }
  }
}

/// A partner's components in a cell, and the months in which it has a snapshot.
struct RankedWindow {
  /// For the months, and for the month before them.
  let components: ComponentWindow
  private let enrolment: Enrolment

  init(
    _ rows: PackedRows, _ enrolment: Enrolment, _ months: Range<Month>, isChecked: Bool = false
  ) {
    components = ComponentWindow(
      rows, in: months.lowerBound - 1..<months.upperBound, isChecked: isChecked)
    self.enrolment = enrolment
  }

  /// The components of the snapshot of a published month; nil if there is no snapshot.
  /// SEMANTICS: "a snapshot exists if the month is published, the partner is eligible in it, and a component is not zero".
  func snapshot(in month: Month) -> ComponentValues? {
    guard enrolment.isEligible(in: month) else { return nil }
    let components = components[month]
    return components.isZero ? nil : components
  }
}

extension ComponentValues {
  /// Whether the snapshot of a month with these values is the same whichever of two precedes it: `previous` and `trend` are equal.
  fileprivate func looksAlike(after a: ComponentValues, or b: ComponentValues) -> Bool {
    a == b
      || IndicatorKind.allCases.allSatisfy { indicator in
        let (now, a, b) = (value(of: indicator), a.value(of: indicator), b.value(of: indicator))
        return a == b
          || (a?.double == b?.double && Trend(of: now, against: a) == Trend(of: now, against: b))
      }
  }
}
