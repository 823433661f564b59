/// Whole numbers by month, where most months hold nothing: what was added in a month, or by how much a level changed.
struct MonthSeries: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    var month: Month
    var value: Int64
  }

  /// Ascending by month; no value is zero.
  private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  /// Adds `delta` to a month and returns what it holds then. O(entries) at worst, O(1) for the newest month.
  @discardableResult
  mutating func add(_ delta: Int64, at month: Month) -> Int64 {
    var position = entries.count
    while position > 0, entries[position - 1].month > month { position -= 1 }
    if position > 0, entries[position - 1].month == month {
      entries[position - 1].value &+= delta
      let sum = entries[position - 1].value
      if sum == 0 { entries.remove(at: position - 1) }
      return sum
    }
    if delta != 0 { entries.insert(Entry(month: month, value: delta), at: position) }
    return delta
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
        body(entry.month, entry.value)
      }
      level &+= entry.value
    }
    if !started, level != 0 { body(months.lowerBound, level) }
    if months.upperBound != .never, level != 0 { body(months.upperBound, 0 &- level) }
  }
}
