import Contract

/// What a partner has in a cell by month, for the months in which anything changes: amounts as of that month alone, levels
/// (certified individuals, instances, twelve months' users, assigned seats) as changes from the month before.
///
/// So a fact is a few rows however long it lasts, and rows say all about months to come.
public struct MonthRows: Sendable, Equatable {
  /// Ascending by month.
  public private(set) var rows: [MonthRow] = []

  public init() {}

  /// Rows known to be ascending.
  init(ascending rows: [MonthRow]) { self.rows = rows }

  /// Adds `delta` to one component of a month. O(log rows), or O(rows) for a month without a row.
  mutating func add(_ delta: Int64, to component: Component, in month: Month) {
    let position = position(of: month.index)
    if position == rows.count || rows[position].month != month.index {
      rows.insert(MonthRow(month: month.index, values: ComponentValues()), at: position)
    }
    rows[position].values[component] &+= delta
  }

  /// Adds (or with `subtracting` takes away) the rows of another. O(rows of both).
  mutating func add(_ others: [MonthRow], subtracting: Bool = false) {
    for other in others {
      let position = position(of: other.month)
      if position == rows.count || rows[position].month != other.month {
        rows.insert(MonthRow(month: other.month, values: ComponentValues()), at: position)
      }
      if subtracting {
        rows[position].values &-= other.values
      } else {
        rows[position].values &+= other.values
      }
    }
  }

  mutating func removeZeroRows() {
    rows.removeAll { $0.values.isZero }
  }

  mutating func removeAll() { rows.removeAll() }

  /// Where the first row of `month` or later is.
  private func position(of month: Int32) -> Int {
    // Rows mostly follow one another month by month: look where the month would then be.
    if let last = rows.last {
      if month > last.month { return rows.count }
      let guess = rows.count - 1 - Int(last.month &- month)
      if guess >= 0, rows[guess].month == month { return guess }
    }
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].month < month { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
