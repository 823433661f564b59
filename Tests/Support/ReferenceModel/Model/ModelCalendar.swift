import Contract

/// A calendar month in UTC: 12 * year + (1...12) - 1.
package typealias ModelMonth = Int

/// The calendar, counted out day by day.
package enum ModelCalendar {
  static func isLeap(_ year: Int) -> Bool {
    year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
  }

  static func daysInMonth(_ month: ModelMonth) -> Int {
    [31, isLeap(month / 12) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month % 12]
  }

  /// The days from 1970 to the first of `month`, which must be in 1970 or later.
  static func firstDay(of month: ModelMonth) -> Int {
    let years = (1970..<month / 12).reduce(0) { $0 + (isLeap($1) ? 366 : 365) }
    return (month / 12 * 12..<month).reduce(years) { $0 + daysInMonth($1) }
  }

  package static func firstInstant(of month: ModelMonth) -> Timestamp {
    Timestamp(seconds: Int64(firstDay(of: month)) * 86_400)
  }

  /// The month and the day (0 for the first) of an instant in 1970 or later.
  static func date(of time: Timestamp) -> (month: ModelMonth, day: Int) {
    var day = Int(time.seconds / 86_400)
    var year = 1970
    while day >= (isLeap(year) ? 366 : 365) {
      day -= isLeap(year) ? 366 : 365
      year += 1
    }
    var month = year * 12
    while day >= daysInMonth(month) {
      day -= daysInMonth(month)
      month += 1
    }
    return (month, day)
  }

  package static func month(of time: Timestamp) -> ModelMonth { date(of: time).month }

  /// The same day and time twelve months later, 28 February for 29 February.
  static func twelveMonths(after time: Timestamp) -> Timestamp {
    let (month, day) = date(of: time)
    let sameDay = min(day, daysInMonth(month + 12) - 1)
    let secondOfDay = time.seconds % 86_400
    return Timestamp(
      seconds: Int64(firstDay(of: month + 12) + sameDay) * 86_400 + secondOfDay, nanos: time.nanos)
  }

  /// "2026-11".
  static func name(of month: ModelMonth) -> String {
    let number = month % 12 + 1
    return "\(month / 12)-\(number < 10 ? "0" : "")\(number)"
  }
}
