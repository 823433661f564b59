import Contract

/// The key of an aggregate: a partner in a cell.
struct AggregateKey: Equatable, BitwiseCopyable {
  /// A number of `PartnerRegistry`.
  var partner: Int32
  var side: SideIndex
  /// `unknown` stands for all locations.
  var location: Country

  /// A pseudorandom value that is different for each key.
  var identity: Identity {
    let bits = UInt64(UInt32(bitPattern: partner)) << 32 | UInt64(side) << 16 | UInt64(location.code)
    let product = bits.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Identity(
      low: product.low ^ (product.low >> 32), high: (product.low ^ product.high) &* 0xBF58_476D_1CE4_E5B9)
  }
}

/// What the task's customers and persons contribute to each partner and cell.
struct Aggregates: ~Copyable {
  private(set) var keys = Slab<AggregateKey>()
  private var rows: [PackedRows] = []
  private var users = UserCounts()
  private var isDirty: [Bool] = []
  private var dirty: [Int32] = []
  private var numbers = IdentityIndex()
  /// Additions that are gathered and not made yet.
  private var gathered = GatheredAdditions()
  private var isGathering = false
  /// The first sum that did not fit. A changed contribution is withdrawn before it is added again, so no sum is ever
  /// greater than those of the facts before or after the change.
  private(set) var outOfRange: (key: AggregateKey, component: Component)?

  /// The number of the key's aggregate, which is created if there is none.
  mutating func number(of key: AggregateKey) -> Int32 {
    let identity = key.identity
    if let number = numbers.find(identity, isIdentity: { keys[Int($0)] == key }) { return Int32(number) }
    let number = UInt32(keys.count)
    keys.append(key)
    rows.append(PackedRows())
    users.addAggregate()
    isDirty.append(false)
    if !numbers.hasRoom(for: number) { numbers = numbers.grown(toHold: number) { keys[Int($0)].identity } }
    numbers.insert(number, identity)
    return Int32(number)
  }

  /// Nil if there is no aggregate of this key.
  func number(ofKnown key: AggregateKey) -> Int32? {
    numbers.find(key.identity, isIdentity: { keys[Int($0)] == key }).map(Int32.init)
  }

  mutating func add(_ delta: Int64, to component: Component, in month: Month, of number: Int32) {
    if isGathering { return gather(delta, to: component, in: month, of: number) }
    let sum = rows[Int(number)].add(delta, to: component, in: month)
    // A level is stored as changes from month to month, which may be negative.
    if sum < 0, !component.isLevel { noteOutOfRange(component, of: number) }
    mark(Int(number))
  }

  /// Gathers additions from now on, so that the rows of an aggregate are packed once for many of them.
  mutating func beginGathering() { isGathering = true }

  mutating func endGathering() {
    addGathered()
    gathered = GatheredAdditions()
    isGathering = false
  }

  private mutating func gather(_ delta: Int64, to component: Component, in month: Month, of number: Int32) {
    if !gathered.append(delta, to: component, in: month, of: number) { addGathered() }
  }

  private mutating func addGathered() {
    // Moved out, so that sums can be added during the iteration.
    var additions = GatheredAdditions()
    swap(&additions, &gathered)
    additions.takeAll { number, sums, outOfRange in
      let new = PackedRows(packing: sums)
      var negative = outOfRange
      if rows[Int(number)].isEmpty {
        rows[Int(number)] = new
      } else {
        let (sum, outOfRange) = rows[Int(number)].replacing(PackedRows(), with: new)
        rows[Int(number)] = sum
        negative = negative ?? outOfRange
      }
      if let negative { noteOutOfRange(negative, of: number) }
      mark(Int(number))
    }
    swap(&additions, &gathered)
  }

  mutating func noteOutOfRange(_ component: Component, of number: Int32) {
    outOfRange = outOfRange ?? (keys[Int(number)], component)
  }

  /// Adds or withdraws a user: in `months` as active, in `trailing` among those of twelve months. Bit 0 is the base month.
  mutating func addUser(months: UInt64, trailing: UInt64, to number: Int32, _ change: ContributionChange) {
    users.add(Int32(change * 1), months: months, trailing: trailing, of: Int(number))
    mark(Int(number))
  }

  private mutating func mark(_ index: Int) {
    guard !isDirty[index] else { return }
    isDirty[index] = true
    dirty.append(Int32(index))
  }

  /// Empties every aggregate, so that all contributions can be added again.
  mutating func removeContributions() {
    users.removeAll()
    for index in rows.indices {
      rows[index] = PackedRows()
      mark(index)
    }
  }

  /// Calls `body` with each aggregate that has changed since it was last drained, while there is room; an empty one has no
  /// rows. Returns whether that was all. `base` is the month of bit 0.
  mutating func drain(
    base: Month, while hasRoom: () -> Bool, _ body: (AggregateKey, [MonthRow]) -> Void
  ) -> Bool {
    while let number = dirty.last {
      guard hasRoom() else { return false }
      dirty.removeLast()
      let index = Int(number)
      rows[index].trim()
      isDirty[index] = false
      body(keys[index], rows(of: number, base: base))
    }
    return true
  }

  /// The rows of an aggregate by month; some values may be zero. `base` is the month of bit 0.
  func rows(of number: Int32, base: Month) -> [MonthRow] {
    users.merged(into: rows[Int(number)].rows, of: Int(number), base: base)
  }

  /// O(aggregates). `partners` and `sides` are the numbers of partners and sides.
  func checkInvariants(partners: Int, sides: Int) throws(BrokenInvariant) {
    for number in 0..<Int32(keys.count) {
      let key = keys[Int(number)]
      try BrokenInvariant.check(self.number(ofKnown: key) == number, "\(key) is not found")
      try BrokenInvariant.check(
        (0..<Int32(partners)).contains(key.partner) && Int(key.side) < sides,
        "\(key) is of a partner or side that there is not")
    }
    try BrokenInvariant.check(
      Set(dirty).count == dirty.count && dirty.count == isDirty.count { $0 }
        && dirty.allSatisfy { isDirty[Int($0)] }, "what is to be written is not what has changed")
  }

  /// Approximate bytes of memory. O(1).
  var byteCount: Int {
    keys.byteCount + numbers.byteCount + users.byteCount + rows.heldBytes + rows.sampledSum(\.byteCount)
      + isDirty.heldBytes + dirty.heldBytes
  }

  /// Marks all changes as drained.
  mutating func discardChanges() {
    for number in dirty { isDirty[Int(number)] = false }
    dirty.removeAll(keepingCapacity: true)
  }
}

/// A sum that does not fit into 63 bits, or that is negative although its parts are not: none of it may be published.
///
/// Amounts are bounded (`EventLimits`), so it takes thousands of lines with the greatest amount for one partner.
package struct SumOutOfRange: Error, Sendable, Equatable, CustomStringConvertible {
  package var partnerID: String
  package var component: Component

  package init(partnerID: String, component: Component) {
    self.partnerID = partnerID
    self.component = component
  }

  package var description: String {
    "the sum of \(component.name) of partner \"\(partnerID)\" leaves 63 bits"
  }
}
