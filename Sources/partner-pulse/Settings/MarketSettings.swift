import Contract
import EventLog
import Generator

/// How large a made-up market is, and when it is.
struct MarketSettings {
  var seed: UInt64 = 1
  var partners = 100
  var customers = 500
  var users = 25_000
  var months = 18
  var actions = 100_000
  var until: CivilDate?

  static func options<C>(_ path: WritableKeyPath<C, MarketSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<MarketSettings>] {
    let defaults = MarketSettings()
    return [
      .value(
        "seed", "N", "another number makes another market (default: 1)", \.seed, .integer(0...UInt64.max)),
      .value(
        "partners", "N", "partners (default: \(defaults.partners))", \.partners, .integer(1...10_000_000)),
      .value(
        "customers", "N", "their customers (default: \(defaults.customers))", \.customers,
        .integer(1...100_000_000)),
      .value(
        "users", "N", "user accounts of all customers (default: \(defaults.users))", \.users,
        .integer(1...1_000_000_000)),
      .value("months", "N", "calendar months (default: \(defaults.months))", \.months, .integer(1...240)),
      .value(
        "actions", "N", "usage actions (default: \(defaults.actions))", \.actions,
        .integer(0...1_000_000_000_000)),
      .value(
        "until", "DATE", "the last day, such as 2026-11-05 (default: up to this moment)", \.until, .date),
    ]
  }

  /// Throws if there would be records that no log takes, since their time is yet to come.
  func checkIsPast(_ now: Timestamp) throws(UsageError) {
    let ahead = (plan(now: now).end - now.seconds) * 1000
    guard ahead <= RecordTimeBound.ahead else {
      throw UsageError("--until: that day is not over, and a log takes no records of times to come")
    }
  }

  func plan(now: Timestamp) -> MarketPlan {
    var plan = MarketPlan(end: until.map { ($0.daysSince1970 + 1) * 86_400 } ?? now.seconds)
    plan.seed = seed
    plan.partners = partners
    plan.customers = customers
    plan.users = users
    plan.months = months
    plan.actions = actions
    return plan
  }
}
