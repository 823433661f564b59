import Contract
import Indicators

/// A type of option values: how to parse them, and how to describe them in errors.
struct OptionValue<Value> {
  /// Completes "… is not".
  let expectation: String
  /// All possible values, if these are few; otherwise empty.
  var choices: [String] = []
  let parse: (String) -> Value?

  func value(of text: String) throws(UsageError) -> Value {
    if let value = parse(text) { return value }
    throw UsageError("'\(text)' is not \(expectation)")
  }
}

extension OptionValue where Value: RawRepresentable<String> & CaseIterable {
  /// One of the cases, by its raw value. `expectation` replaces the list of all cases in errors.
  static func oneOf(_ expectation: String? = nil) -> Self {
    let choices = Value.allCases.map(\.rawValue)
    return OptionValue(
      expectation: expectation ?? choices.joined(separator: " or "), choices: choices,
      parse: Value.init(rawValue:))
  }
}

extension OptionValue<Bool> {
  static var truth: Self {
    OptionValue(expectation: "true or false", choices: ["true", "false"]) {
      ["true": true, "false": false][$0]
    }
  }
}

extension OptionValue<String> {
  static var anyText: Self { OptionValue(expectation: "text") { $0 } }

  static var text: Self {
    OptionValue(expectation: "a name: it is empty") { $0.isEmpty ? nil : $0 }
  }

  /// Such as "2026-11".
  static var month: Self {
    OptionValue(expectation: "a month such as 2026-11") { text in
      CivilDate(text + "-01") == nil ? nil : text
    }
  }
}

extension OptionValue<String> {
  /// Two capital letters, or an empty text.
  static var country: Self {
    OptionValue(expectation: "a country such as FR") { Country($0) == nil ? nil : $0 }
  }
}

extension OptionValue where Value: FixedWidthInteger {
  static func integer(_ range: ClosedRange<Value>) -> Self {
    let expectation =
      range.upperBound == Value.max
      ? "a whole number, \(range.lowerBound) or more"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return OptionValue(expectation: expectation) { text in
      Value(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension OptionValue<Double> {
  /// From a millisecond to a year.
  static var seconds: Self {
    OptionValue(expectation: "a number of seconds above zero") { text in
      Double(text).flatMap { (0.001...31_536_000).contains($0) ? $0 : nil }
    }
  }

  static var positive: Self {
    OptionValue(expectation: "a number above zero") { text in
      Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
  }
}

extension OptionValue<CivilDate> {
  static var date: Self { OptionValue(expectation: "a date such as 2026-11-05") { CivilDate($0) } }
}

extension CivilDate {
  /// Reads "2026-11-05", of the years 1 to 9999.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }),
      let year = Int64(parts[0]), year > 0, let month = Int64(parts[1]), let day = Int64(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }
}
