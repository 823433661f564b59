/// A partner's value of an indicator in a ranking.
package struct RankEntry: Comparable, BitwiseCopyable {
  package var value: Ratio
  /// The partner's slot in the cell.
  package var slot: Int32

  @inline(__always)
  package static func < (a: RankEntry, b: RankEntry) -> Bool {
    a.value < b.value || (!(b.value < a.value) && a.slot < b.slot)
  }
}

/// Sorted entries in packed form: each number takes as few bytes as the greatest of its kind in the block. Usual are four bytes for
/// a count and its partner, and nine for an amount of money. Copy on write.
struct RankBlock {
  struct Header {
    var count: UInt16
    /// Bytes allocated for entries.
    let capacity: UInt16
    let numeratorWidth: UInt8
    /// 0 if all values have the denominator that the caller knows.
    let denominatorWidth: UInt8
    let slotWidth: UInt8

    @inline(__always)
    var stride: Int { Int(numeratorWidth) + Int(denominatorWidth) + Int(slotWidth) }
  }

  private var storage: ManagedBuffer<Header, UInt8>

  /// Takes at least one entry, in order. `isFraction` says that each has a denominator of its own.
  init(_ entries: UnsafeBufferPointer<RankEntry>, isFraction: Bool) {
    var (numerators, denominators, slots): (Int64, Int64, Int64) = (0, 0, 0)
    for entry in entries {
      numerators |= entry.value.numerator ^ (entry.value.numerator >> 63)
      denominators |= entry.value.denominator
      slots |= Int64(entry.slot)
    }
    let widths = (
      PackedColumn.width(of: numerators), isFraction ? PackedColumn.width(of: denominators) : 0,
      PackedColumn.width(of: slots)
    )
    let used = entries.count * (widths.0 + widths.1 + widths.2)
    // An eighth more, so that few insertions copy the block.
    let capacity = PackedRows.capacity(for: used + used / 8)
    storage = .create(minimumCapacity: capacity) { _ in
      Header(
        count: UInt16(entries.count), capacity: UInt16(capacity), numeratorWidth: UInt8(widths.0),
        denominatorWidth: UInt8(widths.1), slotWidth: UInt8(widths.2))
    }
    withView(unit: 1) { view in
      for (index, entry) in entries.enumerated() { view.set(entry, at: index) }
    }
  }

  var count: Int { Int(storage.head.count) }

  /// Bytes of memory.
  var byteCount: Int { PackedRows.overhead + Int(storage.head.capacity) }

  /// `unit` is the denominator of values that have none of their own.
  @inline(__always)
  func withView<Result>(unit: Int64, _ body: (RankBlockView) -> Result) -> Result {
    storage.withUnsafeMutablePointers { body(RankBlockView($1, $0.pointee, unit)) }
  }

  /// Adds an entry before the one at `index`. O(entries) bytes to move.
  mutating func insert(_ entry: RankEntry, at index: Int, unit: Int64) {
    let isFraction = storage.head.denominatorWidth > 0
    if isKnownUniquelyReferenced(&storage), withView(unit: unit, { $0.hasRoom(for: entry) }) {
      withView(unit: unit) { view in
        view.moveTail(from: index, to: index + 1)
        view.set(entry, at: index)
      }
      storage.withUnsafeMutablePointerToHeader { $0.pointee.count += 1 }
      return
    }
    let count = count
    self = withUnsafeTemporaryAllocation(of: RankEntry.self, capacity: count + 1) { entries in
      withView(unit: unit) { view in
        for position in 0...count {
          entries.initializeElement(
            at: position,
            to: position < index ? view[position] : position == index ? entry : view[position - 1])
        }
      }
      return RankBlock(UnsafeBufferPointer(entries), isFraction: isFraction)
    }
  }

  /// Removes an entry that is not the only one.
  mutating func remove(at index: Int, unit: Int64) {
    if !isKnownUniquelyReferenced(&storage) { self = part(0..<count, unit: unit) }
    withView(unit: unit) { $0.moveTail(from: index + 1, to: index) }
    storage.withUnsafeMutablePointerToHeader { $0.pointee.count -= 1 }
  }

  /// A block of some of its entries.
  func part(_ range: Range<Int>, unit: Int64) -> RankBlock {
    withUnsafeTemporaryAllocation(of: RankEntry.self, capacity: range.count) { entries in
      withView(unit: unit) { view in
        for index in range { entries.initializeElement(at: index - range.lowerBound, to: view[index]) }
      }
      return RankBlock(UnsafeBufferPointer(entries), isFraction: storage.head.denominatorWidth > 0)
    }
  }
}

/// The entries of a block in its memory; valid only within `withView`.
struct RankBlockView {
  private let numerators: PackedNumbers
  private let denominators: PackedNumbers
  private let slots: PackedNumbers
  private let start: UnsafeMutableRawPointer
  private let header: RankBlock.Header
  private let unit: Int64

  @inline(__always)
  init(_ start: UnsafeMutablePointer<UInt8>, _ header: RankBlock.Header, _ unit: Int64) {
    self.start = UnsafeMutableRawPointer(start)
    self.header = header
    self.unit = unit
    let stride = header.stride
    let (first, second) = (Int(header.numeratorWidth), Int(header.denominatorWidth))
    numerators = PackedNumbers(self.start, width: first, stride: stride)
    denominators = PackedNumbers(self.start + first, width: max(second, 1), stride: stride)
    slots = PackedNumbers(self.start + first + second, width: Int(header.slotWidth), stride: stride)
  }

  var count: Int { Int(header.count) }

  @inline(__always)
  func value(_ index: Int) -> Ratio {
    Ratio(numerators[index], over: header.denominatorWidth == 0 ? unit : denominators[index])
  }

  @inline(__always)
  func slot(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: slots[index]) }

  @inline(__always)
  subscript(index: Int) -> RankEntry { RankEntry(value: value(index), slot: slot(index)) }

  /// Writes an entry that fits the widths.
  @inline(__always)
  func set(_ entry: RankEntry, at index: Int) {
    numerators[index] = entry.value.numerator
    if header.denominatorWidth > 0 { denominators[index] = entry.value.denominator }
    slots[index] = Int64(entry.slot)
  }

  func hasRoom(for entry: RankEntry) -> Bool {
    (count + 1) * header.stride <= Int(header.capacity)
      && PackedColumn.width(of: entry.value.numerator) <= Int(header.numeratorWidth)
      && (header.denominatorWidth == 0
        || PackedColumn.width(of: entry.value.denominator) <= Int(header.denominatorWidth))
      && PackedColumn.width(of: Int64(entry.slot)) <= Int(header.slotWidth)
  }

  /// Moves the entries from one index on to another.
  func moveTail(from old: Int, to new: Int) {
    let stride = header.stride
    (start + new * stride).copyMemory(from: start + old * stride, byteCount: (count - old) * stride)
  }

  /// The index of an entry, or where it would be inserted. O(log n).
  func position(of entry: RankEntry) -> Int {
    guard header.denominatorWidth == 0 else { return partitioningIndex { self[$0] >= entry } }
    return partitioningIndex {
      let numerator = numerators[$0]
      return numerator != entry.value.numerator
        ? numerator > entry.value.numerator : slot($0) >= entry.slot
    }
  }

  /// The first index whose entry satisfies `predicate`, which must hold for a suffix. O(log n).
  @inline(__always)
  func partitioningIndex(_ predicate: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if predicate(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
