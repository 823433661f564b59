/// The values of one indicator over all ranked partners of a cell and month, each with its partner, in order.
///
/// Sorted blocks of up to 256 entries, whose greatest entries and sizes are in two more arrays: finding a rank walks the sizes,
/// inserting moves a part of one block; both are O(sqrt n) for the sizes that occur (100,000 partners are 600 blocks). Most values
/// are zero, so the partners with zero are only a bit set.
package struct OrderStatistics {
  /// No block is empty, and no value in a block is zero.
  private var blocks: [RankBlock] = []
  /// The last entry of each block; empty if there is only one block.
  private var greatest: [RankEntry] = []
  /// The count of each block; empty if there is only one block.
  private var sizes: [Int] = []
  private var zeros = SlotSet()
  /// Entries that `settle` has to insert.
  private var added: [RankEntry] = []
  package private(set) var count = 0
  /// The denominator of all values; 0 if each has its own.
  private let sharedUnit: Int64

  /// `unit` is the denominator of all values; nil if each has its own.
  package init(unit: Int64?) { sharedUnit = unit ?? 0 }

  private static var largestBlock: Int { 256 }

  private var isOfFractions: Bool { sharedUnit == 0 }
  private var zero: Ratio { Ratio(0, over: max(sharedUnit, 1)) }

  /// Bytes of memory besides its own. O(1).
  package var byteCount: Int {
    blocks.heldBytes + blocks.sampledSum(\.byteCount) + greatest.heldBytes + sizes.heldBytes + zeros.byteCount
      + added.heldBytes
  }

  /// Adds the entry of a partner that has none. After any number of additions, `settle` must be called before anything else.
  /// Amortized O(1).
  package mutating func add(_ value: Ratio, slot: Int32) {
    guard value.numerator != 0 else { return insert(RankEntry(value: value, slot: slot)) }
    count += 1
    added.append(RankEntry(value: value, slot: slot))
  }

  /// Inserts the added entries: a few one by one, many by sorting everything. O(n log n).
  package mutating func settle() {
    guard !added.isEmpty else { return }
    var entries = added
    added = []
    guard entries.count > 8, entries.count > (count - entries.count - zeros.count) / 16 else {
      count -= entries.count
      for entry in entries { insert(entry) }
      return
    }
    for block in blocks {
      block.withView(unit: sharedUnit) { for index in 0..<$0.count { entries.append($0[index]) } }
    }
    if isOfFractions {
      entries.sort()
    } else {
      entries.sortByNumerator()
    }
    // Blocks are not filled, so that entries can be inserted.
    let size = Self.largestBlock * 3 / 4
    blocks = stride(from: 0, to: entries.count, by: size).map { start in
      entries[start..<min(start + size, entries.count)].withUnsafeBufferPointer {
        RankBlock($0, isFraction: isOfFractions)
      }
    }
    guard blocks.count > 1 else {
      (greatest, sizes) = ([], [])
      return
    }
    greatest = blocks.map(last)
    sizes = blocks.map(\.count)
  }

  /// Replaces the entry of a partner; nil where it has none.
  package mutating func replace(_ old: Ratio?, with new: Ratio?, slot: Int32) {
    if let old { remove(RankEntry(value: old, slot: slot)) }
    if let new { insert(RankEntry(value: new, slot: slot)) }
  }

  /// Inserts an entry that is not there yet.
  private mutating func insert(_ entry: RankEntry) {
    count += 1
    if entry.value.numerator == 0 { return zeros.insert(entry.slot) }
    guard !blocks.isEmpty else {
      blocks = [
        withUnsafePointer(to: entry) {
          RankBlock(UnsafeBufferPointer(start: $0, count: 1), isFraction: isOfFractions)
        }
      ]
      return
    }
    let index = blockIndex { $0 > entry }
    let position = blocks[index].withView(unit: sharedUnit) { $0.position(of: entry) }
    blocks[index].insert(entry, at: position, unit: sharedUnit)
    if blocks[index].count > Self.largestBlock { split(index) } else { noteChange(of: index) }
  }

  /// The first block whose greatest entry satisfies `predicate`, or the last block.
  @inline(__always)
  private func blockIndex(_ predicate: (RankEntry) -> Bool) -> Int {
    blocks.count < 2 ? 0 : min(greatest.partitioningIndex(predicate), blocks.count - 1)
  }

  private mutating func split(_ index: Int) {
    let count = blocks[index].count
    if blocks.count == 1 {
      greatest = [last(of: blocks[index])]
      sizes = [count]
    }
    let upper = blocks[index].part(count / 2..<count, unit: sharedUnit)
    blocks[index] = blocks[index].part(0..<count / 2, unit: sharedUnit)
    blocks.insert(upper, at: index + 1)
    greatest.insert(last(of: upper), at: index + 1)
    sizes.insert(upper.count, at: index + 1)
    noteChange(of: index)
  }

  private func last(of block: RankBlock) -> RankEntry {
    block.withView(unit: sharedUnit) { $0[$0.count - 1] }
  }

  private mutating func noteChange(of index: Int) {
    guard blocks.count > 1 else { return }
    sizes[index] = blocks[index].count
    greatest[index] = last(of: blocks[index])
  }

  /// Removes an entry that is there.
  private mutating func remove(_ entry: RankEntry) {
    count -= 1
    if entry.value.numerator == 0 { return zeros.remove(entry.slot) }
    let index = blockIndex { $0 >= entry }
    let position = blocks[index].withView(unit: sharedUnit) { $0.position(of: entry) }
    assert(blocks[index].withView(unit: sharedUnit) { $0[position] == entry })
    if blocks[index].count > 1 {
      blocks[index].remove(at: position, unit: sharedUnit)
      noteChange(of: index)
      return
    }
    blocks.remove(at: index)
    if blocks.count > 0 {
      greatest.remove(at: index)
      sizes.remove(at: index)
    }
    if blocks.count < 2 { (greatest, sizes) = ([], []) }
  }

  /// The value of the `rank`-th smallest entry, counted from 1.
  package func value(rank: Int) -> Ratio {
    let negative = zeros.count == 0 ? 0 : countInBlocks { $0 < zero }
    var left = rank - 1
    if zeros.count > 0, left >= negative {
      if left < negative + zeros.count { return zero }
      left -= zeros.count
    }
    var index = 0
    while index < sizes.count, left >= sizes[index] {
      left -= sizes[index]
      index += 1
    }
    precondition(index < blocks.count && left < blocks[index].count, "no such rank")
    return blocks[index].withView(unit: sharedUnit) { $0.value(left) }
  }

  /// How many entries have this value or a smaller one.
  package func count(through value: Ratio) -> Int {
    countInBlocks { $0 <= value } + (zero <= value ? zeros.count : 0)
  }

  /// How many entries that are not zero satisfy `predicate`, which must hold for a prefix of them.
  private func countInBlocks(where predicate: (Ratio) -> Bool) -> Int {
    guard !blocks.isEmpty else { return 0 }
    let index = blockIndex { !predicate($0.value) }
    return sizes.prefix(index).reduce(0, +)
      + blocks[index].withView(unit: sharedUnit) { view in
        view.partitioningIndex { !predicate(view.value($0)) }
      }
  }

  /// Calls `body` with every partner.
  package func forEachSlot(_ body: (Int32) -> Void) {
    zeros.forEach(body)
    for block in blocks {
      block.withView(unit: sharedUnit) { for index in 0..<$0.count { body($0.slot(index)) } }
    }
  }

  /// Calls `body` with the partners whose value is greater than `low` and at most `high`. O(sqrt n + partners found); if zero is
  /// within, also the bit set of the cell is scanned.
  package func forEachSlot(above low: Ratio, through high: Ratio, _ body: (Int32) -> Void) {
    if low < zero, zero <= high { zeros.forEach(body) }
    guard !blocks.isEmpty else { return }
    var index = blockIndex { $0.value > low }
    var isDone = false
    while index < blocks.count, !isDone {
      blocks[index]
        .withView(unit: sharedUnit) { view in
          var position = view.partitioningIndex { view.value($0) > low }
          while position < view.count, view.value(position) <= high {
            body(view.slot(position))
            position += 1
          }
          isDone = position < view.count
        }
      index += 1
    }
  }
}

/// A bit set of slots.
private struct SlotSet {
  private var words: [UInt64] = []
  private(set) var count = 0

  var byteCount: Int { words.heldBytes }

  /// Adds a number that is not in it.
  mutating func insert(_ number: Int32) {
    let word = Int(number) / 64
    if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
    words[word] |= 1 << UInt64(number % 64)
    count += 1
  }

  /// Removes a number that is in it.
  mutating func remove(_ number: Int32) {
    words[Int(number) / 64] &= ~(1 << UInt64(number % 64))
    count -= 1
  }

  /// Calls `body` with each, ascending.
  func forEach(_ body: (Int32) -> Void) {
    guard count > 0 else { return }
    for (index, word) in words.enumerated() {
      var left = word
      while left != 0 {
        body(Int32(index * 64 + left.trailingZeroBitCount))
        left &= left - 1
      }
    }
  }
}

extension Array {
  /// The first index whose element satisfies `predicate`, which must hold for a suffix. O(log n).
  @inline(__always)
  fileprivate func partitioningIndex(_ predicate: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
