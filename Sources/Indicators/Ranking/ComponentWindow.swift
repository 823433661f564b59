import Contract

/// The components of a partner in a cell for a row of months: trailing sums, levels, and the months' own.
struct ComponentWindow {
  /// How many months back a trailing sum starts, itself included.
  private static let trailing: Int32 = 12

  /// The published months of a current month.
  static func published(_ currentMonth: Month) -> Range<Month> {
    currentMonth - (EventClock.publishedMonths - 1)..<currentMonth + 1
  }

  private static let levels = Component.allCases.filter(\.isLevel)

  private let first: Month
  private var values: [ComponentValues] = []
  /// A component of these months that does not fit, or is negative; nil if there is none.
  private(set) var outOfRange: Component?

  /// O(rows + months).
  init(_ rows: MonthRows, in months: Range<Month>) {
    first = months.lowerBound
    values.reserveCapacity(months.count)
    let rows = rows.rows
    /// All up to the month, and the twelve months that end with it.
    var (total, trailing) = (ComponentValues(), ComponentValues())
    var (next, past) = (0, 0)
    for month in months {
      var own = ComponentValues()
      // What leaves goes first, so that no sum is ever one of more than twelve months.
      while past < next, rows[past].month <= month.index - Self.trailing {
        trailing &-= rows[past].values
        past += 1
      }
      while next < rows.count, rows[next].month <= month.index {
        // Of all of it only levels count, and amounts may wrap.
        total &+= rows[next].values
        if rows[next].month == month.index { own = rows[next].values }
        if rows[next].month > month.index - Self.trailing {
          trailing &+= rows[next].values
          if trailing.hasAmountOutOfRange { outOfRange = outOfRange ?? trailing.negativeAmount }
        } else {
          past = next + 1
        }
        next += 1
      }
      var components = trailing
      for level in Self.levels { components[level] = total[level] }
      components[.activeUsersMonth] = own[.activeUsersMonth]
      if components.hasNegative { outOfRange = outOfRange ?? components.negativeComponent }
      values.append(components)
    }
  }

  subscript(month: Month) -> ComponentValues { values[month - first] }
}
