import Contract

/// The components of a partner in a cell for a row of months: trailing sums, levels, and the months' own.
struct ComponentWindow {
  /// How many months back a trailing sum starts, itself included.
  private static let trailing: Int32 = 12

  /// The published months of a current month.
  static func published(_ currentMonth: Month) -> Range<Month> {
    currentMonth - (EventClock.publishedMonths - 1)..<currentMonth + 1
  }

  /// Those that `isLevel` says, spelled out, since this is looked through for each month.
  private static let levels: [Component] = [
    .certifiedIndividuals, .productionInstances, .activeUsers12Months, .assignedSeats,
  ]

  private let first: Month
  private var values: [ComponentValues] = []
  /// A component of these months that does not fit, or is negative; nil if there is none, or nobody asked.
  private(set) var outOfRange: Component?

  /// `isChecked` asks for `outOfRange`. O(rows + months).
  init(_ rows: MonthRows, in months: Range<Month>, isChecked: Bool = false) {
    first = months.lowerBound
    values.reserveCapacity(months.count)
    let rows = rows.rows
    /// All up to the month, of which only levels count and amounts may wrap, and the twelve months that end with it.
    var (total, trailing) = (ComponentValues(), ComponentValues())
    var next = 0
    while next < rows.count, rows[next].month <= months.lowerBound.index - Self.trailing {
      total &+= rows[next].values
      next += 1
    }
    var past = next
    for month in months {
      var own = ComponentValues()
      // What leaves goes first, so that no sum is ever one of more than twelve months.
      while past < next, rows[past].month <= month.index - Self.trailing {
        trailing &-= rows[past].values
        past += 1
      }
      while next < rows.count, rows[next].month <= month.index {
        total &+= rows[next].values
        trailing &+= rows[next].values
        if isChecked, trailing.hasAmountOutOfRange { outOfRange = outOfRange ?? trailing.negativeAmount }
        if rows[next].month == month.index { own = rows[next].values }
        next += 1
      }
      var components = trailing
      for level in Self.levels { components[level] = total[level] }
      components[.activeUsersMonth] = own[.activeUsersMonth]
      if isChecked, components.hasNegative { outOfRange = outOfRange ?? components.negativeComponent }
      values.append(components)
    }
  }

  subscript(month: Month) -> ComponentValues { values[month - first] }
}
