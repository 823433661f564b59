import Contract

/// The two user components of each aggregate by month: the users active in the month, and the change of the number of users of
/// twelve months.
///
/// Stored separately from the other components, since usage events change only these: a count is found by one index into the block
/// of its aggregate. Most counts are small and most aggregates have no users, so a block uses as few bytes per count as suffice,
/// and an aggregate without users has no block.
package struct UserCounts: ~Copyable {
  /// Months of an aggregate, as many as a bit set has.
  private static let width = UInt64.bitWidth

  /// Which block an aggregate has, 0 for none: its number plus one, and in the lower two bits which of the three.
  private var places = Slab<UInt32>()
  private var small = CountBlocks<Int8>()
  private var medium = CountBlocks<Int16>()
  private var large = CountBlocks<Int32>()

  package init() {}

  /// Bytes of memory.
  package var byteCount: Int { places.byteCount + small.byteCount + medium.byteCount + large.byteCount }

  package mutating func addAggregate() { places.append(0) }

  package mutating func add(_ delta: Int32, months: UInt64, trailing: UInt64, of aggregate: Int) {
    MonthBits.forEach(months) { add(delta, at: Int($0), of: aggregate) }
    MonthBits.forEach(trailing & ~(trailing << 1)) { add(delta, at: Self.width + Int($0), of: aggregate) }
    MonthBits.forEach((trailing << 1) & ~trailing) {
      add(0 &- delta, at: Self.width + Int($0), of: aggregate)
    }
  }

  @inline(__always)
  private mutating func add(_ delta: Int32, at index: Int, of aggregate: Int) {
    let place = places[aggregate]
    let isDone =
      switch place & 3 {
      case 1: small.add(delta, at: index, of: place >> 2)
      case 2: medium.add(delta, at: index, of: place >> 2)
      case 3: large.add(delta, at: index, of: place >> 2)
      default: false
      }
    if !isDone { addWider(delta, at: index, of: aggregate) }
  }

  /// Gives the aggregate a block with wider counts, and adds there.
  @inline(never)
  private mutating func addWider(_ delta: Int32, at index: Int, of aggregate: Int) {
    let place = places[aggregate]
    switch place & 3 {
    case 0: places[aggregate] = small.make() << 2 | 1
    case 1: places[aggregate] = small.move(place >> 2, to: &medium) << 2 | 2
    default: places[aggregate] = medium.move(place >> 2, to: &large) << 2 | 3
    }
    add(delta, at: index, of: aggregate)
  }

  package mutating func removeAll() {
    for aggregate in 0..<places.count { places[aggregate] = 0 }
    small = CountBlocks()
    medium = CountBlocks()
    large = CountBlocks()
  }

  private func count(_ index: Int, of place: UInt32) -> Int32 {
    switch place & 3 {
    case 1: small.count(index, of: place >> 2)
    case 2: medium.count(index, of: place >> 2)
    case 3: large.count(index, of: place >> 2)
    default: 0
    }
  }

  /// Calls `body` with each month (0 is the base) in which an aggregate has something, ascending.
  package func forEachMonth(
    of aggregate: Int, _ body: (_ month: Int32, _ active: Int32, _ change: Int32) -> Void
  ) {
    let place = places[aggregate]
    guard place != 0 else { return }
    for month in 0..<Self.width {
      let (active, change) = (count(month, of: place), count(Self.width + month, of: place))
      if active | change != 0 { body(Int32(month), active, change) }
    }
  }

  /// The rows with the users of an aggregate, ascending by month.
  func merged(into rows: [MonthRow], of aggregate: Int, base: Month) -> [MonthRow] {
    guard places[aggregate] != 0 else { return rows }
    var merged: [MonthRow] = []
    merged.reserveCapacity(rows.count + UInt64.bitWidth)
    var rest = rows[...]
    forEachMonth(of: aggregate) { month, active, change in
      let month = (base + month).index
      while let row = rest.first, row.month < month { merged.append(rest.removeFirst()) }
      var row = MonthRow(month: month, values: ComponentValues())
      if rest.first?.month == month { row = rest.removeFirst() }
      row.values[.activeUsersMonth] = Int64(active)
      row.values[.activeUsers12Months] = Int64(change)
      merged.append(row)
    }
    merged.append(contentsOf: rest)
    return merged
  }
}

/// Blocks of 128 counts.
private struct CountBlocks<Count: FixedWidthInteger & SignedInteger & BitwiseCopyable>: ~Copyable {
  private static var width: Int { 2 * UInt64.bitWidth }

  private var counts = Slab<Count>()
  private var free: [UInt32] = []

  init() {}

  var byteCount: Int { counts.byteCount }

  /// The number of a block of zeros.
  mutating func make() -> UInt32 {
    if let block = free.popLast() {
      for index in 0..<Self.width { counts[Int(block) * Self.width + index] = 0 }
      return block
    }
    let block = UInt32(counts.count / Self.width)
    for _ in 0..<Self.width { counts.append(0) }
    return block
  }

  /// Returns whether the sum fits; if not, nothing is changed. Nobody has as many users as do not fit into 32 bits.
  @inline(__always)
  mutating func add(_ delta: Int32, at index: Int, of block: UInt32) -> Bool {
    let address = counts.address(of: Int(block) * Self.width + index)
    guard let delta = Count(exactly: delta) else { return false }
    let (sum, overflow) = address.pointee.addingReportingOverflow(delta)
    guard !overflow else { return Count.bitWidth == 32 }
    address.pointee = sum
    return true
  }

  func count(_ index: Int, of block: UInt32) -> Int32 { Int32(counts[Int(block) * Self.width + index]) }

  /// Moves a block to where counts are wider; returns its number there.
  mutating func move<Wider>(_ block: UInt32, to other: inout CountBlocks<Wider>) -> UInt32 {
    let new = other.make()
    for index in 0..<Self.width {
      other.counts[Int(new) * Self.width + index] = Wider(counts[Int(block) * Self.width + index])
    }
    free.append(block)
    return new
  }
}
