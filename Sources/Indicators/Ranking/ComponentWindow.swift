import Contract

/// The components of a partner in a cell for each published month and the one before them, which the oldest is compared
/// with: trailing sums, levels, and the month's own.
struct ComponentWindow {
  /// How many months back a trailing sum starts, itself included.
  private static let trailing = 12

  /// The published months of a current month.
  static func published(_ currentMonth: Month) -> Range<Month> {
    currentMonth - (EventClock.publishedMonths - 1)..<currentMonth + 1
  }

  private static let amounts: [Component] = [
    .billedMicros, .creditedMicros, .customersAdded, .customersLost, .seatsAdded, .seatsLost,
  ]
  private static let levels: [Component] = [
    .certifiedIndividuals, .productionInstances, .activeUsers12Months, .assignedSeats,
  ]

  /// The month before the first published one.
  private let first: Month
  private var values: [ComponentValues]

  /// O(months).
  init(_ rows: MonthRows, currentMonth: Month) {
    let oldest = currentMonth - EventClock.lookBack
    let count = Int(EventClock.lookBack) + 1
    var own = [ComponentValues](repeating: ComponentValues(), count: count)
    var sum = ComponentValues()
    for row in rows.rows {
      let month = Month(index: row.month)
      if month > currentMonth { break }
      if month >= oldest {
        own[month - oldest] = row.values
      } else {
        // Amounts this old are past; levels still stand.
        for level in Self.levels { sum[level] &+= row.values[level] }
      }
    }
    first = oldest + Int32(Self.trailing - 1)
    values = []
    values.reserveCapacity(count - Self.trailing + 1)
    for index in 0..<count {
      for level in Self.levels { sum[level] &+= own[index][level] }
      for amount in Self.amounts {
        sum[amount] &+= own[index][amount]
        if index >= Self.trailing { sum[amount] &-= own[index - Self.trailing][amount] }
      }
      guard index >= Self.trailing - 1 else { continue }
      sum[.activeUsersMonth] = own[index][.activeUsersMonth]
      values.append(sum)
    }
  }

  subscript(month: Month) -> ComponentValues { values[month - first] }
}
