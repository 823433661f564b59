/// The values of one indicator over all ranked partners of a cell and month, in order, each with its partner.
///
/// Sorted blocks of up to 256 entries, with their greatest entries and sizes in arrays of their own: finding a rank walks the
/// sizes, inserting moves a part of one block; both O(sqrt n) for the sizes that occur (100,000 partners are 600 blocks). Most
/// values are zero: the partners that have this one are a bit each.
struct OrderStatistics<Value: RankedValue> {
  struct Entry: Comparable {
    var value: Value
    /// The partner's place in the cell.
    var slot: Int32

    @inline(__always)
    static func < (a: Entry, b: Entry) -> Bool {
      a.value < b.value || (!(b.value < a.value) && a.slot < b.slot)
    }
  }

  /// No block is empty, and no value in them zero.
  private var blocks: [[Entry]] = []
  /// The last entry of each block.
  private var greatest: [Entry] = []
  /// The count of each block.
  private var sizes: [Int] = []
  private var zeros = SlotSet()
  private(set) var count = 0

  init() {}

  private static var largestBlock: Int { 256 }

  /// Replaces the entry of a partner; nil where it has none.
  mutating func replace(_ old: Ratio?, with new: Ratio?, slot: Int32) {
    if let old { remove(Value(old), slot: slot) }
    if let new { insert(Value(new), slot: slot) }
  }

  /// Adds an entry that is not in it.
  private mutating func insert(_ value: Value, slot: Int32) {
    count += 1
    if value.isZero { return zeros.insert(slot) }
    let entry = Entry(value: value, slot: slot)
    if blocks.isEmpty {
      blocks.append([entry])
      greatest.append(entry)
      sizes.append(1)
      return
    }
    let index = min(greatest.partitioningIndex { $0 > entry }, blocks.count - 1)
    blocks[index].insert(entry, at: blocks[index].partitioningIndex { $0 > entry })
    if blocks[index].count > Self.largestBlock { split(index) }
    noteChange(of: index)
  }

  private mutating func split(_ index: Int) {
    let half = blocks[index].count / 2
    let upper = Array(blocks[index][half...])
    blocks[index].removeLast(upper.count)
    blocks.insert(upper, at: index + 1)
    greatest.insert(upper[upper.count - 1], at: index + 1)
    sizes.insert(upper.count, at: index + 1)
  }

  private mutating func noteChange(of index: Int) {
    sizes[index] = blocks[index].count
    greatest[index] = blocks[index][blocks[index].count - 1]
  }

  /// Removes an entry that is in it.
  private mutating func remove(_ value: Value, slot: Int32) {
    count -= 1
    if value.isZero { return zeros.remove(slot) }
    let entry = Entry(value: value, slot: slot)
    let index = greatest.partitioningIndex { $0 >= entry }
    let position = blocks[index].partitioningIndex { $0 >= entry }
    assert(blocks[index][position].slot == slot && blocks[index][position].value == value)
    if blocks[index].count > 1 {
      blocks[index].remove(at: position)
      noteChange(of: index)
    } else {
      blocks.remove(at: index)
      greatest.remove(at: index)
      sizes.remove(at: index)
    }
  }

  /// The value of the `rank`-th smallest entry, counted from 1.
  func value(rank: Int) -> Value {
    let negative = zeros.count == 0 ? 0 : countInBlocks { $0 < .zero }
    var left = rank - 1
    if zeros.count > 0, left >= negative {
      if left < negative + zeros.count { return .zero }
      left -= zeros.count
    }
    for (index, size) in sizes.enumerated() {
      if left < size { return blocks[index][left].value }
      left -= size
    }
    preconditionFailure("no such rank")
  }

  /// How many entries have this value or a smaller one.
  func count(through ratio: Ratio) -> Int {
    let value = Value(ratio)
    return countInBlocks { $0 <= value } + (.zero <= value ? zeros.count : 0)
  }

  /// How many entries that are not zero satisfy `predicate`, which those do that come first.
  private func countInBlocks(where predicate: (Value) -> Bool) -> Int {
    let index = greatest.partitioningIndex { !predicate($0.value) }
    let before = sizes[..<index].reduce(0, +)
    return index == blocks.count
      ? before : before + blocks[index].partitioningIndex { !predicate($0.value) }
  }

  /// Calls `body` with every partner.
  func forEachSlot(_ body: (Int32) -> Void) {
    zeros.forEach(body)
    for block in blocks {
      for entry in block { body(entry.slot) }
    }
  }

  /// Calls `body` with the partners whose value is greater than `low` and at most `high`. O(sqrt n + partners), and a bit for each
  /// partner of the cell where zero is among these values.
  func forEachSlot(above lower: Ratio, through upper: Ratio, _ body: (Int32) -> Void) {
    let (low, high) = (Value(lower), Value(upper))
    if low < .zero, .zero <= high { zeros.forEach(body) }
    var index = greatest.partitioningIndex { $0.value > low }
    while index < blocks.count, blocks[index][0].value <= high {
      for entry in blocks[index] where entry.value > low && entry.value <= high { body(entry.slot) }
      index += 1
    }
  }
}

/// A set of small numbers, a bit each.
private struct SlotSet {
  private var words: [UInt64] = []
  private(set) var count = 0

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
  /// The first index whose element satisfies `predicate`, if those that do all follow those that do not. O(log n).
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
