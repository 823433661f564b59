import Contract

/// Where a contribution falls: a partner in a cell.
struct AggregateKey: Hashable {
  /// As in `EntityState.partnerNames`.
  var partner: Int32
  var side: SideIndex
  /// Unknown stands for all locations.
  var location: Country

  func hash(into hasher: inout Hasher) {
    hasher.combine(UInt64(UInt32(bitPattern: partner)) << 32 | UInt64(side) << 16 | UInt64(location.code))
  }
}

/// What the task's customers and persons contribute to each partner and cell.
struct Aggregates {
  private(set) var keys: [AggregateKey] = []
  private var rows: [MonthRows] = []
  private var isDirty: [Bool] = []
  private var dirty: [Int32] = []
  private var numbers: [AggregateKey: Int32] = [:]

  var count: Int { keys.count }

  /// The number of the key's aggregate, which is made if there is none.
  mutating func number(of key: AggregateKey) -> Int32 {
    if let number = numbers[key] { return number }
    let number = Int32(keys.count)
    keys.append(key)
    rows.append(MonthRows())
    isDirty.append(false)
    numbers[key] = number
    return number
  }

  mutating func add(_ delta: Int64, to component: Component, in month: Month, of number: Int32) {
    let index = Int(number)
    rows[index].add(delta, to: component, in: month)
    if !isDirty[index] {
      isDirty[index] = true
      dirty.append(number)
    }
  }

  /// Counts a user among those of twelve months in each month of `bits`, or takes that back; bit 0 is `base`.
  mutating func addTrailing(_ bits: UInt64, from base: Month, to number: Int32, _ sign: Sign) {
    MonthBits.forEach(bits & ~(bits << 1)) {
      add(sign * 1, to: .activeUsers12Months, in: base + $0, of: number)
    }
    MonthBits.forEach((bits << 1) & ~bits) {
      add(sign * -1, to: .activeUsers12Months, in: base + $0, of: number)
    }
  }

  /// Empties every aggregate, to be filled anew.
  mutating func removeContributions() {
    for index in keys.indices {
      rows[index].removeAll()
      if !isDirty[index] {
        isDirty[index] = true
        dirty.append(Int32(index))
      }
    }
  }

  /// Calls `body` with each aggregate that changed since the last call; no rows means that nothing is left of it.
  mutating func drain(_ body: (AggregateKey, [MonthRow]) -> Void) {
    for number in dirty {
      let index = Int(number)
      rows[index].removeZeroRows()
      isDirty[index] = false
      body(keys[index], rows[index].rows)
    }
    dirty.removeAll(keepingCapacity: true)
  }

  /// Takes all changes as told.
  mutating func discardChanges() {
    for number in dirty { isDirty[Int(number)] = false }
    dirty.removeAll(keepingCapacity: true)
  }
}
