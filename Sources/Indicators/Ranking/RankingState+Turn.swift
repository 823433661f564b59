import Contract

/// A month's turn: each cell's window of published months advances, which by itself changes every partner's snapshots. It is
/// published cell by cell, separately from what events have changed, so that events need not wait for it.
extension RankingState {
  struct Turn {
    /// The current month of everything that the turn has not published yet.
    let from: Month
    /// Whether an earlier owner of the state began it, and may have published some of it.
    let isResumed: Bool
    /// The cells that are still to be published; taken from the end.
    var cells: [Int32]
  }

  /// The current month before the turn, while the turn is not published completely; otherwise nil.
  package var turningFrom: Month? { turn?.from }

  /// Assumes that what is published is the result as of `month`, so that the next drain publishes the turn from `month` to the
  /// current month. O(everything).
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

  /// Publishes the rest of a turn, while there is room. Returns whether that was all.
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

  /// Moves a cell's window of published months to a current month: ranks the new months, and publishes their scales and the
  /// tombstones of the scales that are gone. `publishTurn` publishes the slots. O(partners x new months).
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
