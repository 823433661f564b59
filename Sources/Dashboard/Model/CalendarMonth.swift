/// A month of a year, as "2026-11".
struct CalendarMonth: Hashable, CustomStringConvertible {
  /// Months since year 0.
  private var index: Int

  var year: Int { index / 12 }
  /// 1 to 12.
  var month: Int { index % 12 + 1 }

  /// Reads "2026-11"; nil for anything else.
  init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 7, digits[4] == UInt8(ascii: "-"),
      let year = Self.number(digits[..<4]), let month = Self.number(digits[5...]), (1...12).contains(month)
    else { return nil }
    index = year * 12 + month - 1
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }

  /// Not before the first month of year 0.
  static func - (month: CalendarMonth, months: Int) -> CalendarMonth {
    var earlier = month
    earlier.index = max(0, month.index - months)
    return earlier
  }

  var description: String {
    let yearText = String(year)
    return String(repeating: "0", count: max(0, 4 - yearText.count)) + yearText + (month < 10 ? "-0" : "-")
      + String(month)
  }
}
