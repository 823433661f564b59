extension RankingState {
  /// The number of (partner, cell) pairs. O(n) in the cells.
  package var entryCount: Int { cells.reduce(0) { $0 + $1.slots.count } }

  /// Approximate bytes of memory by kind. O(n) in the cells: entries of varying size are sampled.
  package var stateBytes: [(kind: String, bytes: Int)] {
    let slots = entryCount
    var (places, fixed, sums, contributions, ranked) = (partners.heldBytes, 0, 0, 0, 0)
    // Samples at equal distances over all slots, so each cell in proportion to its size.
    let step = max(1, slots / 512)
    var (next, seen) = (step / 2, 0)
    var perSlot = 0.0
    for (number, cell) in cells.enumerated() {
      places += cell.placeBytes
      fixed += cell.fixedRankingBytes
      var isNew = true
      while next < cell.slots.count {
        let slot = cell.slots[next]
        sums += slot.sumBytes
        contributions += slot.contributionBytes
        if isNew { ranked = cell.rankedBytes(ofMonth: number) }
        perSlot += Double(ranked) / Double(cell.slots.count)
        isNew = false
        seen += 1
        next += step
      }
      next -= cell.slots.count
    }
    let scale = seen == 0 ? 0 : Double(slots) / Double(seen)
    places += partners.sampledSum { 2 * ($0.id.utf8.count + 32) + $0.slots.heldBytes }
    return [
      ("places", places),
      ("sums", Int(Double(sums) * scale)),
      ("contributions", Int(Double(contributions) * scale)),
      ("rankings", fixed + Int(perSlot * scale)),
    ]
  }
}

extension PartnerSlot {
  /// Bytes of the sums.
  fileprivate var sumBytes: Int {
    rows.byteCount + (publishedRows.sharesMemory(with: rows) ? 0 : publishedRows.byteCount)
  }
}

extension CellRanking {
  /// Bytes of its slots and of the dictionary that finds them.
  fileprivate var placeBytes: Int {
    // Dictionaries are about half full.
    slots.heldBytes + 2 * slots.count * MemoryLayout<(Int32, Int32)>.stride
  }
}
