import Contract

let secondsPerDay: Int64 = 86_400

/// A calendar month in UTC.
struct CalendarMonth: Hashable, Comparable {
  /// Months since January of the year 0.
  var index: Int64

  init(index: Int64) { self.index = index }

  /// The month of a second, counted from 1970.
  init(containing second: Int64) {
    let days = second / secondsPerDay - (second % secondsPerDay < 0 ? 1 : 0)
    let date = CivilDate(daysSince1970: days)
    index = date.year * 12 + date.month - 1
  }

  /// The first second.
  var start: Int64 {
    // The first of a month always exists.
    (CivilDate(year: index / 12, month: index % 12 + 1, day: 1)?.daysSince1970 ?? 0) * secondsPerDay
  }

  var next: CalendarMonth { CalendarMonth(index: index + 1) }
  /// The first second of the next one.
  var end: Int64 { next.start }
  /// 0 for January.
  var ofYear: Int { Int(index % 12) }

  static func < (left: CalendarMonth, right: CalendarMonth) -> Bool { left.index < right.index }

  static func - (month: CalendarMonth, count: Int) -> CalendarMonth {
    CalendarMonth(index: month.index - Int64(count))
  }
}
