import Contract

/// All partners of a cell, and their ranking in each published month.
struct CellRanking {
  let cell: Cell
  var slots: [PartnerSlot] = []
  private var slotNumbers: [Int32: Int32] = [:]
  /// The published months.
  private var published = Month.distantPast..<Month.distantPast
  /// One for each published month.
  private var rankings: [MonthRanking] = []
  /// Slots whose rows, or whose partner's eligibility, have changed since the last drain.
  private(set) var dirtySlots: [Int32] = []
  /// The months that the last turn has added, a bit each; nothing of them can have been published before it.
  private var newMonths: UInt32 = 0
  /// Slots that a month's turn still has to publish. Those published meanwhile for another reason are skipped (`isTurning`).
  private var turningSlots: [Int32] = []
  /// Months that are no longer published, each with the slots whose tombstones are not written yet.
  private var gone: [(month: Month, slots: Set<Int32>)] = []
  /// Months that are no longer published, and for which the tombstone of the cell's scale is not written yet.
  private var goneScales: [Month] = []

  init(cell: Cell) { self.cell = cell }

  /// The slot of a partner, which is created if it has none.
  mutating func slot(of partner: Int32) -> (number: Int32, isNew: Bool) {
    if let number = slotNumbers[partner] { return (number, false) }
    let number = Int32(slots.count)
    slots.append(PartnerSlot(partner: partner))
    slotNumbers[partner] = number
    return (number, true)
  }

  /// Returns whether it is the cell's first dirty slot.
  mutating func markDirty(_ slot: Int32) -> Bool {
    guard !slots[Int(slot)].isDirty else { return false }
    slots[Int(slot)].isDirty = true
    dirtySlots.append(slot)
    return dirtySlots.count == 1
  }

  mutating func takeDirtySlots() -> [Int32] {
    defer { dirtySlots.removeAll(keepingCapacity: true) }
    return dirtySlots
  }

  subscript(month: Month) -> MonthRanking {
    get { rankings[month - published.lowerBound] }
    _modify { yield &rankings[month - published.lowerBound] }
  }

  /// Moves the published months to `months`; nil if they are the same. If the turn is resumed, an earlier owner may have published
  /// some of them already. Returns the months that are no longer published, and the first one that was not published before.
  /// O(months + partners of the months that are gone).
  mutating func publish(_ months: Range<Month>, isResumed: Bool) -> (
    gone: [(Month, isEmpty: Bool)], firstNew: Month
  )? {
    guard months != published else { return nil }
    var left: [(Month, isEmpty: Bool)] = []
    for month in published where !months.contains(month) {
      var slots: Set<Int32> = []
      let former = self[month]
      former.forEachSlot { slot in
        slots.insert(slot)
        markTurning(slot)
      }
      left.append((month, isEmpty: slots.isEmpty))
      if !slots.isEmpty { gone.append((month, slots)) }
    }
    rankings = months.map { published.contains($0) ? self[$0] : MonthRanking() }
    let moved = months.lowerBound - published.lowerBound
    for slot in slots.indices where slots[slot].dirtyMonths != 0 { slots[slot].dirtyMonths >>= UInt32(moved) }
    let firstNew = max(months.lowerBound, published.upperBound)
    published = months
    newMonths = isResumed ? 0 : ~0 << UInt32(firstNew - months.lowerBound)
    return (left, firstNew)
  }

  mutating func markTurning(_ slot: Int32) {
    guard !slots[Int(slot)].isTurning else { return }
    slots[Int(slot)].isTurning = true
    turningSlots.append(slot)
  }

  /// Whether a slot's month was added by a turn and is not published yet, so that it needs no tombstone; the month is then no
  /// longer to be published. `bit` is the month's.
  mutating func takeUnpublished(_ bit: UInt32, of slot: Int32) -> Bool {
    guard slots[Int(slot)].isTurning, newMonths & slots[Int(slot)].dirtyMonths & bit != 0 else {
      return false
    }
    slots[Int(slot)].dirtyMonths &= ~bit
    return true
  }

  /// The next slot whose part of a month's turn is to be published; nil if there is none.
  mutating func popTurningSlot() -> Int32? {
    while let slot = turningSlots.popLast() {
      if slots[Int(slot)].isTurning { return slot }
    }
    return nil
  }

  /// The months that are no longer published and whose tombstones for a slot are not written yet; the caller writes them.
  mutating func takeGoneMonths(of slot: Int32) -> [Month] {
    guard !gone.isEmpty else { return [] }
    let months = gone.indices.filter { gone[$0].slots.remove(slot) != nil }.map { gone[$0].month }
    gone.removeAll { $0.slots.isEmpty }
    return months
  }

  /// Bytes of all rankings besides their values. O(1).
  var fixedRankingBytes: Int { rankings.count * MonthRanking.fixedBytes }

  /// Bytes of the values of all months, estimated from every fourth month. `first` selects which.
  func rankedBytes(ofMonth first: Int) -> Int {
    guard !rankings.isEmpty else { return 0 }
    var (bytes, seen) = (0, 0)
    for index in stride(from: first % 4, to: rankings.count, by: 4) {
      bytes += rankings[index].valueBytes
      seen += 1
    }
    return seen == 0 ? 0 : bytes * rankings.count / seen
  }

  mutating func takeGoneScales() -> [Month] {
    defer { goneScales = [] }
    return goneScales
  }

  /// Forgets what is published, except what is outside of `months`, which gets tombstones.
  mutating func forgetPublished(within months: Range<Month>? = nil) {
    (gone, goneScales, turningSlots) = ([], [], [])
    for slot in slots.indices { slots[slot].forgetPublished() }
    if let months {
      for month in published where !months.contains(month) {
        var slots: Set<Int32> = []
        self[month].forEachSlot { slots.insert($0) }
        guard !slots.isEmpty else { continue }
        gone.append((month, slots))
        goneScales.append(month)
        for slot in slots { self.slots[Int(slot)].isTurning = true }
      }
    }
    published = Month.distantPast..<Month.distantPast
    rankings = []
  }
}
