import Contract
import Indicators

/// The length of a day in UTC.
let secondsPerDay: Int64 = 86_400

/// The size of a made-up market, and its period.
package struct MarketPlan: Sendable {
  package var seed: UInt64 = 1
  package var partners = 100
  package var customers = 500
  package var users = 25_000
  /// Usage actions in all.
  package var actions = 100_000
  /// Nothing happens at or after this second since 1970.
  package var end: Int64
  /// Calendar months, the one of `end` included.
  package var months = 18

  package init(end: Int64) { self.end = end }

  var lastMonth: Month { Month(secondsSince1970: end - 1) }
  var firstMonth: Month { lastMonth - Int32(months - 1) }
  /// The first second of the first month.
  var start: Int64 { firstMonth.firstSecond }
}
