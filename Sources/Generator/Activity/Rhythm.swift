import Indicators

/// When people work: distributes a number of actions over the hours of a market.
struct Rhythm {
  /// The first second and the length of each hour; the last one may be shorter.
  private(set) var hours: [(start: Int64, seconds: Int64)] = []
  private let weights: CumulativeWeights

  init(_ plan: MarketPlan) {
    var weights: [Int] = []
    var start = plan.start
    while start < plan.end {
      let seconds = min(3600, plan.end - start)
      hours.append((start, seconds))
      weights.append(Self.weight(of: start, since: plan.firstMonth) * Int(seconds))
      start += 3600
    }
    self.weights = CumulativeWeights(weights)
  }

  /// Actions in each hour; `count` in all.
  func shares(of count: Int) -> [Int] { weights.shares(of: count) }

  private static func weight(of second: Int64, since first: Month) -> Int {
    let month = Month(secondsSince1970: second)
    let day = second / secondsPerDay
    // 1 January 1970 was a Thursday.
    let weekday = Int((day % 7 + 7 + 3) % 7)
    let hour = Int(second / 3600 % 24)
    let growth = 100 + 3 * (month - first)
    return growth * ofYear[month.monthOfYear - 1] * ofWeek[weekday] * ofDay[hour]
  }

  /// Summer and the end of the year are quiet.
  private static let ofYear = [96, 100, 104, 100, 98, 102, 84, 74, 100, 106, 104, 80]
  /// From Monday on.
  private static let ofWeek = [100, 104, 103, 101, 92, 12, 9]
  /// Offices around the world, Europe's most of all.
  private static let ofDay = [
    8, 7, 6, 6, 8, 14, 30, 58, 82, 90, 88, 76, 70, 84, 88, 84, 72, 58, 46, 38, 30, 22, 16, 11,
  ]
}
