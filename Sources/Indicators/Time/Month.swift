import Contract

/// A calendar month in UTC. Arithmetic is O(1) and wraps around on overflow.
public struct Month: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
  /// Months since January 2000; negative before.
  public var index: Int32

  @inlinable
  public init(index: Int32) { self.index = index }

  /// `month` is 1 for January.
  public init(year: Int, month: Int) {
    index = Int32((year - 2000) * 12 + month - 1)
  }

  /// The first month that can be written as text.
  public static let first = Month(year: 0, month: 1)
  /// Later than any month; the end of a range that has none.
  public static let never = Month(index: .max)
  /// Earlier than any month of an event.
  public static let distantPast = Month(index: .min / 2)
  /// Contains all months of timestamps with room to spare, and is narrow enough to compute with.
  static let possible = Month(index: -120_000)..<Month(index: 120_000)

  /// The month that `timestamp` lies in.
  @inlinable
  public init(containing timestamp: Timestamp) {
    self.init(secondsSince1970: timestamp.seconds)
  }

  /// The month of a second, counted from 1970.
  @inlinable
  public init(secondsSince1970 seconds: Int64) {
    let date = CivilDate(daysSince1970: (seconds >= 0 ? seconds : seconds - 86399) / 86400)
    index = Int32(truncatingIfNeeded: (date.year - 2000) * 12 + date.month - 1)
  }

  /// Reads "2026-11".
  public init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 4, parts[1].count == 2,
      let year = UInt16(decimal: parts[0]), let month = UInt16(decimal: parts[1]), (1...12).contains(month)
    else { return nil }
    self.init(year: Int(year), month: Int(month))
  }

  public var year: Int { (Int(index) + 2000 * 12) / 12 }

  /// 1 for January.
  public var monthOfYear: Int { (Int(index) + 2000 * 12) % 12 + 1 }

  /// When it begins, in seconds since 1970.
  public var firstSecond: Int64 {
    // The first of a month always exists.
    (CivilDate(year: Int64(year), month: Int64(monthOfYear), day: 1)?.daysSince1970 ?? 0) * 86400
  }

  /// Such as "2026-11".
  public var description: String {
    let yearText = String(year)
    return String(repeating: "0", count: max(0, 4 - yearText.count)) + yearText
      + (monthOfYear < 10 ? "-0" : "-") + String(monthOfYear)
  }

  @inlinable
  public static func < (a: Month, b: Month) -> Bool { a.index < b.index }

  /// `never` stays `never`.
  @inlinable
  public static func + (month: Month, months: Int32) -> Month {
    month == .never ? .never : Month(index: month.index &+ months)
  }

  @inlinable
  public static func - (month: Month, months: Int32) -> Month { Month(index: month.index &- months) }

  /// The number of months from `b` to `a`.
  @inlinable
  public static func - (a: Month, b: Month) -> Int { Int(a.index) - Int(b.index) }
}

extension Range<Month> {
  /// The part of the range from `month` on; empty if there is none.
  func from(_ month: Month) -> Range<Month> {
    clamped(to: month..<Swift.max(month, .never))
  }
}

extension UInt16 {
  /// Reads ASCII digits and nothing else.
  fileprivate init?(decimal digits: some Collection<UInt8>) {
    self = 0
    for digit in digits {
      guard (48...57).contains(digit) else { return nil }
      self = self * 10 + UInt16(digit - 48)
    }
  }
}

extension Month: Strideable {
  @inlinable
  public func distance(to other: Month) -> Int { other - self }

  @inlinable
  public func advanced(by months: Int) -> Month { Month(index: index + Int32(months)) }
}
