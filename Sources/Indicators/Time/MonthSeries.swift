/// A level by month: by how much it changed in each, where most months change nothing.
struct MonthSeries: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    let month: Month
    var change: Int64
  }

  /// Ascending by month; no change is zero.
  private var entries: [Entry] = []

  /// Bytes of memory besides its own.
  var byteCount: Int { entries.heldBytes }

  /// Adds `delta` at a month. O(entries) at worst, O(1) for the newest month.
  private mutating func add(_ delta: Int64, at month: Month) {
    var position = entries.count
    while position > 0, entries[position - 1].month > month { position -= 1 }
    if position > 0, entries[position - 1].month == month {
      entries[position - 1].change &+= delta
      if entries[position - 1].change == 0 { entries.remove(at: position - 1) }
    } else if delta != 0 {
      entries.insert(Entry(month: month, change: delta), at: position)
    }
  }

  /// Raises the level by `delta` in `months`.
  mutating func addLevel(_ delta: Int64, during months: Range<Month>) {
    add(delta, at: months.lowerBound)
    if months.upperBound != .never { add(0 &- delta, at: months.upperBound) }
  }

  /// Calls `body` with its changes as seen by one who looks only during `months`: it starts from zero and ends at zero.
  func forEachChange(during months: Range<Month>, _ body: (Month, Int64) -> Void) {
    var level = LevelDuring(months)
    for entry in entries {
      if entry.month >= months.upperBound { break }
      level.change(by: entry.change, at: entry.month, body)
    }
    level.end(body)
  }
}

/// Turns the changes of a level into those that one sees who looks only during some months.
struct LevelDuring {
  private let months: Range<Month>
  private var level: Int64 = 0
  private var isBegun = false

  init(_ months: Range<Month>) { self.months = months }

  /// Takes in a change before the end of the months; they ascend.
  mutating func change(by delta: Int64, at month: Month, _ body: (Month, Int64) -> Void) {
    guard delta != 0 else { return }
    if month > months.lowerBound {
      begin(body)
      body(month, delta)
    }
    level &+= delta
  }

  private mutating func begin(_ body: (Month, Int64) -> Void) {
    if !isBegun, level != 0 { body(months.lowerBound, level) }
    isBegun = true
  }

  mutating func end(_ body: (Month, Int64) -> Void) {
    begin(body)
    if months.upperBound != .never, level != 0 { body(months.upperBound, 0 &- level) }
  }
}
