/// Whole numbers by month, where most months hold nothing: what was added in a month, or by how much a level changed.
///
/// Sums are exact: they have 96 bits, as many as an entry has room for.
struct MonthSeries: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    let month: Month
    private var high: Int32
    private var low: UInt64

    init(month: Month, value: Int64) {
      self.month = month
      low = UInt64(bitPattern: value)
      high = value < 0 ? -1 : 0
    }

    mutating func add(_ delta: Int64) {
      let (sum, carries) = low.addingReportingOverflow(UInt64(bitPattern: delta))
      low = sum
      high &+= (delta < 0 ? -1 : 0) &+ (carries ? 1 : 0)
    }

    var isZero: Bool { low == 0 && high == 0 }

    /// Nil if it takes more than 64 bits, which only amounts do.
    var value: Int64? { high == Int32(truncatingIfNeeded: Int64(bitPattern: low) >> 63) ? wrapped : nil }

    /// The lower 64 bits.
    var wrapped: Int64 { Int64(bitPattern: low) }
  }

  /// Ascending by month; no value is zero.
  private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  /// Adds `delta` to a month. O(entries) at worst, O(1) for the newest month.
  mutating func add(_ delta: Int64, at month: Month) {
    var position = entries.count
    while position > 0, entries[position - 1].month > month { position -= 1 }
    if position > 0, entries[position - 1].month == month {
      entries[position - 1].add(delta)
      if entries[position - 1].isZero { entries.remove(at: position - 1) }
    } else if delta != 0 {
      entries.insert(Entry(month: month, value: delta), at: position)
    }
  }

  /// Raises a level by `delta` in `months`.
  mutating func addLevel(_ delta: Int64, during months: Range<Month>) {
    add(delta, at: months.lowerBound)
    if months.upperBound != .never { add(0 &- delta, at: months.upperBound) }
  }

  /// The entries of `months`. O(entries).
  func entries(in months: Range<Month>) -> ArraySlice<Entry> {
    let start = entries.firstIndex { $0.month >= months.lowerBound } ?? entries.count
    let end = entries[start...].firstIndex { $0.month >= months.upperBound } ?? entries.count
    return entries[start..<end]
  }

  /// As a level: calls `body` with its changes as seen by one who looks only during `months`: it starts from zero and ends
  /// at zero.
  func forEachChange(during months: Range<Month>, _ body: (Month, Int64) -> Void) {
    var level: Int64 = 0
    var started = false
    for entry in entries {
      if entry.month >= months.upperBound { break }
      if entry.month > months.lowerBound {
        if !started, level != 0 { body(months.lowerBound, level) }
        started = true
        body(entry.month, entry.wrapped)
      }
      level &+= entry.wrapped
    }
    if !started, level != 0 { body(months.lowerBound, level) }
    if months.upperBound != .never, level != 0 { body(months.upperBound, 0 &- level) }
  }
}
