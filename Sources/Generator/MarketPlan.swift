import Contract
import Indicators

/// The length of a day in UTC.
let secondsPerDay: Int64 = 86_400

/// How large a made-up market is, and when it is.
public struct MarketPlan: Sendable {
  public var seed: UInt64 = 1
  public var partners = 100
  public var customers = 500
  public var users = 25_000
  /// Usage actions in all.
  public var actions = 100_000
  /// Nothing happens at or after this second since 1970.
  public var end: Int64
  /// Calendar months, the one of `end` included.
  public var months = 18

  public init(end: Int64) { self.end = end }

  var lastMonth: Month { Month(secondsSince1970: end - 1) }
  var firstMonth: Month { lastMonth - Int32(months - 1) }
  /// The first second of the first month.
  var start: Int64 { firstMonth.firstSecond }
}
