import Contract

/// The components of a partner in a cell for a range of months, computed from its rows: trailing sums, levels, and amounts of a
/// month.
struct ComponentWindow {
  /// The length of a trailing sum, in months.
  private static let trailing = ReportingWindow.trailingMonths

  /// The published months of a current month.
  static func published(_ currentMonth: Month) -> Range<Month> {
    currentMonth - (ReportingWindow.publishedMonths - 1)..<currentMonth + 1
  }

  private let first: Month
  private var values: [ComponentValues]
  /// A component that does not fit, or is negative, in one of the months; nil if there is none, or it was not checked.
  private(set) var outOfRange: Component?

  /// Sets `outOfRange` only if `isChecked`. O(values + columns x months).
  init(_ rows: PackedRows, in months: Range<Month>, isChecked: Bool = false) {
    first = months.lowerBound
    values = Array(repeating: ComponentValues(), count: months.count)
    var negative: Component?
    let first = first.index
    values.withUnsafeMutableBufferPointer { values in
      rows.forEachColumn { column in
        let component = column.kind
        let least =
          switch component.accumulation {
          case .level: Self.fillLevels(column, component, from: first, values)
          case .month: Self.fillOwn(column, component, from: first, values)
          case .trailing: Self.fillTrailing(column, component, from: first, values)
          }
        if isChecked, least < 0, negative == nil { negative = component }
      }
    }
    outOfRange = negative
  }

  subscript(month: Month) -> ComponentValues { values[month - first] }

  // Each fills in one component, and returns its least value: if that is negative, the sums do not fit.

  /// For each month the sum of all changes up to it.
  @inline(__always)
  private static func fillLevels(
    _ column: PackedColumn, _ component: Component, from first: Int32,
    _ values: UnsafeMutableBufferPointer<ComponentValues>
  ) -> Int64 {
    var (level, least): (Int64, Int64) = (0, 0)
    var next = PackedReader(column, from: 0)
    for index in values.indices {
      while next.month <= first + Int32(index) { level &+= next.take() }
      values[index][component] = level
      least = min(least, level)
    }
    return least
  }

  /// For each month its own amount.
  @inline(__always)
  private static func fillOwn(
    _ column: PackedColumn, _ component: Component, from first: Int32,
    _ values: UnsafeMutableBufferPointer<ComponentValues>
  ) -> Int64 {
    var least: Int64 = 0
    var next = PackedReader(column, from: column.position(ofMonth: first))
    while next.month < first + Int32(values.count) {
      let index = Int(next.month - first)
      let value = next.take()
      values[index][component] = value
      least = min(least, value)
    }
    return least
  }

  /// For each month the sum of the twelve months that end with it.
  @inline(__always)
  private static func fillTrailing(
    _ column: PackedColumn, _ component: Component, from first: Int32,
    _ values: UnsafeMutableBufferPointer<ComponentValues>
  ) -> Int64 {
    var (sum, least): (Int64, Int64) = (0, 0)
    var next = PackedReader(column, from: column.position(ofMonth: first - trailing + 1))
    var past = next
    for index in values.indices {
      let month = first + Int32(index)
      // Subtracts first, so that no sum is ever over more than twelve months.
      while past.month <= month - trailing { sum &-= past.take() }
      while next.month <= month {
        sum &+= next.take()
        least = min(least, sum)
      }
      values[index][component] = sum
    }
    return least
  }
}
