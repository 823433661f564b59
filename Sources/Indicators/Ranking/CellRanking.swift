import Contract

/// All partners of a cell, and how they rank in each published month.
struct CellRanking {
  let cell: Cell
  var slots: [PartnerSlot] = []
  private var slotNumbers: [Int32: Int32] = [:]
  /// The published months.
  private var published = Month.distantPast..<Month.distantPast
  /// One for each published month.
  private var rankings: [MonthRanking] = []
  /// Slots whose rows, or whose partner's eligibility, changed since the last drain.
  private(set) var dirtySlots: [Int32] = []

  init(cell: Cell) { self.cell = cell }

  /// The slot of a partner, made if there is none; and whether it was.
  mutating func slot(of partner: Int32) -> (number: Int32, isNew: Bool) {
    if let number = slotNumbers[partner] { return (number, false) }
    let number = Int32(slots.count)
    slots.append(PartnerSlot(partner: partner))
    slotNumbers[partner] = number
    return (number, true)
  }

  /// Returns whether it is the first dirty one.
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

  /// Makes `months` the published ones. Returns those that no longer are, and hold partners. O(months).
  mutating func publish(_ months: Range<Month>) -> [(Month, MonthRanking)] {
    guard months != published else { return [] }
    let dropped = published.filter { !months.contains($0) && self[$0].partners > 0 }.map { ($0, self[$0]) }
    rankings = months.map { published.contains($0) ? self[$0] : MonthRanking() }
    published = months
    return dropped
  }

  /// Bytes of all rankings besides their values. O(1).
  var fixedRankingBytes: Int { rankings.count * MonthRanking.fixedBytes }

  /// Bytes of the values of all months, reckoned from one in four of them. `first` says which.
  func rankedBytes(ofMonth first: Int) -> Int {
    guard !rankings.isEmpty else { return 0 }
    var (bytes, seen) = (0, 0)
    for index in stride(from: first % 4, to: rankings.count, by: 4) {
      bytes += rankings[index].valueBytes
      seen += 1
    }
    return seen == 0 ? 0 : bytes * rankings.count / seen
  }

  /// Takes nothing for published any more.
  mutating func forgetPublished() {
    published = Month.distantPast..<Month.distantPast
    rankings = []
    for slot in slots.indices { slots[slot].forgetPublished() }
  }
}
