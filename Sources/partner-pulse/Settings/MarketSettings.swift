import Contract
import EventLog
import Generator

/// The size and the period of a synthetic market.
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
        "seed", "N", "seed of the random generator (default: 1)", \.seed, .integer(0...UInt64.max)),
      .value(
        "partners", "N", "number of partners (default: \(defaults.partners))", \.partners,
        .integer(1...10_000_000)),
      .value(
        "customers", "N", "number of customers (default: \(defaults.customers))", \.customers,
        .integer(1...100_000_000)),
      .value(
        "users", "N", "number of users of all customers (default: \(defaults.users))", \.users,
        .integer(1...1_000_000_000)),
      .value(
        "months", "N", "number of calendar months (default: \(defaults.months))", \.months, .integer(1...240)),
      .value(
        "actions", "N", "number of usage actions (default: \(defaults.actions))", \.actions,
        .integer(0...1_000_000_000_000)),
      .value(
        "until", "DATE", "last day of the events, such as 2026-11-05 (default: up to now)", \.until, .date),
    ]
  }

  /// Throws if there would be records that no log accepts, since their timestamps are in the future.
  func checkIsPast(_ now: Timestamp) throws(UsageError) {
    let ahead = (plan(now: now).end - now.seconds) * 1000
    guard ahead <= RecordTimeBound.ahead else {
      throw UsageError("--until: the date must be in the past; a log accepts no future records")
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
