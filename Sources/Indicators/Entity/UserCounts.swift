import Contract

/// How many users each aggregate has by month: those active in it, and how many more than in the month before are among the
/// users of twelve months.
///
/// Apart from the other components, since these are what usage changes: a count is one address in a small table.
struct UserCounts {
  /// Months of an aggregate, as many as a bit set has.
  private static let width = UInt64.bitWidth

  /// For each aggregate `width` counts of active users and as many changes of the users of twelve months.
  private var counts: [Int32] = []

  init() {}

  mutating func addAggregate() {
    counts.append(contentsOf: repeatElement(0, count: 2 * Self.width))
  }

  mutating func add(_ delta: Int32, months: UInt64, trailing: UInt64, of aggregate: Int) {
    let active = 2 * Self.width * aggregate
    let changes = active + Self.width
    MonthBits.forEach(months) { counts[active + Int($0)] &+= delta }
    MonthBits.forEach(trailing & ~(trailing << 1)) { counts[changes + Int($0)] &+= delta }
    MonthBits.forEach((trailing << 1) & ~trailing) { counts[changes + Int($0)] &-= delta }
  }

  mutating func removeAll() {
    for index in counts.indices { counts[index] = 0 }
  }

  /// Calls `body` with each month (0 is the base) in which an aggregate has something, ascending.
  func forEachMonth(of aggregate: Int, _ body: (_ month: Int32, _ active: Int32, _ change: Int32) -> Void) {
    let start = 2 * Self.width * aggregate
    for month in 0..<Self.width {
      let (active, change) = (counts[start + month], counts[start + Self.width + month])
      if active | change != 0 { body(Int32(month), active, change) }
    }
  }
}

extension MonthRows {
  /// These rows and the users of an aggregate, ascending by month.
  func merged(with users: UserCounts, of aggregate: Int, base: Month) -> [MonthRow] {
    var merged: [MonthRow] = []
    merged.reserveCapacity(rows.count + UInt64.bitWidth)
    var rest = rows[...]
    users.forEachMonth(of: aggregate) { month, active, change in
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
