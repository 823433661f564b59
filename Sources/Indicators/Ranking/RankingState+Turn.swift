import Contract

/// A month's turn: each cell's window of published months moves on, which by itself changes every partner's snapshots. It
/// is published cell by cell, apart from what events have changed, so that these need not wait for it.
extension RankingState {
  struct Turn {
    /// The month up to which everything is published.
    let from: Month
    /// Whether an earlier owner of the state began it, and may have published some of it.
    let isResumed: Bool
    /// The cells of which something is still to be published, the next one last.
    var cells: [Int32]
  }

  /// The month from which all cells are published, if the turn to a later one is not published completely.
  package var turningFrom: Month? { turn?.from }

  /// Marks as published what was published when all of it was of `month`, so that the next drain publishes the turn from
  /// then to now. O(everything).
  package func resumeTurn(from month: Month) {
    guard clock.newest != nil, month < clock.currentMonth else { return }
    forgetPublished()
    discard(asOf: month)
    beginTurn(from: month, isResumed: true)
    publishedMonth = clock.currentMonth
  }

  func beginTurn(from month: Month, isResumed: Bool = false) {
    turn = Turn(from: month, isResumed: isResumed, cells: cells.indices.map(Int32.init))
  }

  /// Publishes what is left of a turn, while there is room. Returns whether that was all.
  func publishTurn(while hasRoom: () -> Bool, _ body: (RankingUpdate) -> Void) -> Bool {
    guard var rest = turn, let publishedMonth else { return true }
    let published = ComponentWindow.published(publishedMonth)
    let names = published.map(\.description)
    while let cell = rest.cells.last.map(Int.init) {
      guard hasRoom() else {
        turn = rest
        return false
      }
      turn(cell, to: publishedMonth, body)
      if let slot = cells[cell].popTurningSlot() {
        let enrolment = partners[Int(cells[cell].slots[Int(slot)].partner)].publishedEnrolment
        publish(slot, of: cell, published, names, enrolment, body)
      } else {
        rest.cells.removeLast()
      }
    }
    turn = nil
    return true
  }

  /// Moves the window of a cell's published months to a current month: ranks the new months, and publishes their scales and
  /// the tombstones of the former ones. The slots are published by later calls. O(partners x new months).
  func turn(_ number: Int, to current: Month, _ body: (RankingUpdate) -> Void) {
    let published = ComponentWindow.published(current)
    guard let former = cells[number].publish(published, isResumed: turn?.isResumed == true) else { return }
    for (month, isEmpty) in former.gone where !isEmpty {
      body(.scaleRemoved(cell: cells[number].cell, month: month))
    }
    let months = former.firstNew..<published.upperBound
    var ranked: UInt32 = 0
    for slot in cells[number].slots.indices where !cells[number].slots[slot].publishedRows.isEmpty {
      let partner = partners[Int(cells[number].slots[slot].partner)]
      let window = RankedWindow(
        cells[number].slots[slot].publishedRows, partner.publishedEnrolment, months)
      var shown: UInt32 = 0
      for month in months {
        guard let snapshot = window.snapshot(in: month) else { continue }
        cells[number][month].replace(nil, with: snapshot, slot: Int32(slot))
        shown |= 1 << UInt32(month - published.lowerBound)
      }
      guard shown != 0 else { continue }
      ranked |= shown
      cells[number].slots[slot].dirtyMonths |= shown
      cells[number].markTurning(Int32(slot))
    }
    for month in months where ranked >> UInt32(month - published.lowerBound) & 1 == 1 {
      updateBars(month, of: number, body) { _ in }
    }
  }
}
