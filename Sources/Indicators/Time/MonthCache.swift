import Contract

/// Computes the months of times that mostly are in the same month as the previous one.
struct MonthCache {
  private var month = Month.distantPast
  /// Seconds since 1970.
  private var start: Int64 = 0
  private var end: Int64 = 0

  init() {}

  @inline(__always)
  mutating func month(of time: Timestamp) -> Month {
    if time.seconds < start || time.seconds >= end { load(time) }
    return month
  }

  @inline(never)
  private mutating func load(_ time: Timestamp) {
    month = Month(containing: time)
    start = month.firstSecond
    end = (month + 1).firstSecond
  }
}
