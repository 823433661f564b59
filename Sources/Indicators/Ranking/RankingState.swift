import Contract

/// The state of a ranking task: ranks the partners of the cells of one partition of `partner-partials`, and tracks what is
/// published.
///
/// One thread at a time owns it.
package final class RankingState {
  struct RankedPartner {
    let id: String
    var enrolment = Enrolment()
    var publishedEnrolment = Enrolment()
    var isDirty = false
    /// Its slots, over all cells.
    var slots: [(cell: Int32, slot: Int32)] = []
  }

  /// The newest event time of all sources; its month is the current one.
  package internal(set) var clock = EventClock()
  /// The current month of what is published, except for the rest of a turn; nil before the first drain.
  var publishedMonth: Month?

  var partners: [RankedPartner] = []
  private var partnerNumbers: [Identity: Int32] = [:]
  var dirtyPartners: [Int32] = []

  var cells: [CellRanking] = []
  private var cellNumbers: [Cell: Int32] = [:]
  var dirtyCells: [Int32] = []
  /// Set while a drain is in progress.
  var drain: Drain?
  /// Whether a drain only marks changes as published, without computing their contents.
  var isDiscarding = false
  /// Whether a drain has begun and is not complete.
  var isMidway = false
  /// Set while a month's turn is not published completely.
  var turn: Turn?

  /// The first sum that did not fit; from then on nothing of the state may be published.
  package private(set) var sumOutOfRange: SumOutOfRange?

  package init() {}

  /// Applies a partial: a source's contribution to a partner in a cell, a partner's eligibility, or just the source's newest event
  /// time. Must not be called while a drain is in progress.
  package func apply(_ partial: PartnerPartial) {
    precondition(!isMidway, "applied in the middle of a drain")
    if let time = partial.newestEventTime { _ = clock.advance(to: time) }
    if let cell = partial.cell {
      replace(partial.rows, from: partial.source, partnerID: partial.partnerID, cell: cell)
    } else if !partial.partnerID.isEmpty {
      enrol(partial.partnerID, Enrolment(partial.eligible))
    }
  }

  /// Applies the tombstone of a source's contribution to a partner in a cell. Must not be called while a drain is in progress.
  package func remove(source: UInt32, partnerID: String, cell: Cell) {
    precondition(!isMidway, "removed in the middle of a drain")
    replace([], from: source, partnerID: partnerID, cell: cell)
  }

  private func replace(_ rows: [MonthRow], from source: UInt32, partnerID: String, cell: Cell) {
    let partner = partnerNumber(partnerID)
    replace(PackedRows(rows), from: source, partner: partner, cell: cellNumber(cell))
  }

  /// Replaces the rows of a source; partner and cell by their numbers.
  func replace(_ rows: PackedRows, from source: UInt32, partner: Int32, cell cellNumber: Int32) {
    let (slot, isNew) = cells[Int(cellNumber)].slot(of: partner)
    if isNew { partners[Int(partner)].slots.append((cellNumber, slot)) }
    let (isChanged, outOfRange) = cells[Int(cellNumber)].slots[Int(slot)].replace(rows, from: source)
    if isChanged { markDirty(slot, of: cellNumber) }
    note(outOfRange, of: partner)
  }

  private func enrol(_ partnerID: String, _ enrolment: Enrolment) {
    let partner = Int(partnerNumber(partnerID))
    guard partners[partner].enrolment != enrolment else { return }
    partners[partner].enrolment = enrolment
    if !partners[partner].isDirty {
      partners[partner].isDirty = true
      dirtyPartners.append(Int32(partner))
    }
  }

  /// Records that a sum of a partner does not fit, if `component` is not nil.
  func note(_ component: Component?, of partner: Int32) {
    guard let component, sumOutOfRange == nil else { return }
    sumOutOfRange = SumOutOfRange(partnerID: partners[Int(partner)].id, component: component)
  }

  func markDirty(_ slot: Int32, of cell: Int32) {
    if cells[Int(cell)].markDirty(slot) { dirtyCells.append(cell) }
  }

  /// The number of a partner, which is added if new.
  func partnerNumber(_ id: String) -> Int32 {
    let identity = Identity(id)
    if let number = partnerNumbers[identity] { return number }
    let number = Int32(partners.count)
    partners.append(RankedPartner(id: id))
    partnerNumbers[identity] = number
    return number
  }

  /// The number of a cell, which is added if new.
  func cellNumber(_ cell: Cell) -> Int32 {
    if let number = cellNumbers[cell] { return number }
    let number = Int32(cells.count)
    cells.append(CellRanking(cell: cell))
    cellNumbers[cell] = number
    return number
  }
}

extension PartnerPartial {
  /// Whether this program can have written it: a cell has a partner, rows ascend by month, months are in the possible range, and
  /// only levels, which are stored as changes, are negative. O(rows).
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
