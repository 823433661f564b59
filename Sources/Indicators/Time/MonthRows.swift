import Contract

/// What a partner has in a cell by month, for the months in which anything changes: amounts as of that month alone, levels
/// (certified individuals, instances, twelve months' users, assigned seats) as changes from the month before.
///
/// So a fact is a few rows however long it lasts, and rows say all about months to come.
public struct MonthRows: Sendable, Equatable {
  /// Ascending by month.
  public private(set) var rows: [MonthRow] = []

  public init() {}

  /// Adds `delta` to one component of a month and returns what it is then. O(log rows), or O(rows) for a month without a row.
  mutating func add(_ delta: Int64, to component: Component, in month: Month) -> Int64 {
    let position = position(of: month.index)
    if position == rows.count || rows[position].month != month.index {
      rows.insert(MonthRow(month: month.index, values: ComponentValues()), at: position)
    }
    rows[position].values[component] &+= delta
    return rows[position].values[component]
  }

  /// Takes away the rows `old`, which it holds as a part, and adds `new`; both ascending. Returns whether an amount does not fit
  /// any more. O(rows of all), and what is in both costs only a comparison.
  mutating func replace(_ old: [MonthRow], with new: [MonthRow]) -> Bool {
    var (oldIndex, newIndex) = (0, 0)
    var (leavesZeros, isOutOfRange) = (false, false)
    while oldIndex < old.count || newIndex < new.count {
      let month = min(
        oldIndex < old.count ? old[oldIndex].month : .max, newIndex < new.count ? new[newIndex].month : .max)
      var change = ComponentValues()
      if newIndex < new.count, new[newIndex].month == month {
        change = new[newIndex].values
        newIndex += 1
      }
      if oldIndex < old.count, old[oldIndex].month == month {
        change &-= old[oldIndex].values
        oldIndex += 1
      }
      guard !change.isZero else { continue }
      let sum = add(change, in: month)
      if sum.isZero { leavesZeros = true }
      if sum.hasAmountOutOfRange { isOutOfRange = true }
    }
    if leavesZeros { removeZeroRows() }
    return isOutOfRange
  }

  /// Returns what the month holds then.
  private mutating func add(_ change: ComponentValues, in month: Int32) -> ComponentValues {
    let position = position(of: month)
    if position == rows.count || rows[position].month != month {
      rows.insert(MonthRow(month: month, values: change), at: position)
      return change
    }
    rows[position].values &+= change
    return rows[position].values
  }

  /// The first month in which the two differ; nil if they are equal. O(rows).
  func firstDifference(from other: MonthRows) -> Month? {
    let common = min(rows.count, other.rows.count)
    for index in 0..<common where rows[index] != other.rows[index] {
      return Month(index: min(rows[index].month, other.rows[index].month))
    }
    return (rows.count > common ? rows : other.rows).dropFirst(common).first.map { Month(index: $0.month) }
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
