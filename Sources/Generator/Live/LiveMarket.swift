import Contract
import Indicators

/// A market that continues: one business transaction after another, each at the time that is passed in. Partners take turns
/// in being favored, so that their bars change.
package struct LiveMarket: Sendable {
  var builder: MarketBuilder
  var random: Random
  /// New users, lines and instances are numbered.
  var counter = 0
  private var writer: ActionWriter
  private var luckyPartner = 0
  private var luckLeft = 0

  /// Continues a market that `generator` has generated.
  package init(_ generator: Generator, _ market: Market) {
    var plan = generator.plan
    // Nothing ends it.
    plan.end += 100 * 366 * secondsPerDay
    builder = MarketBuilder(plan, generator.catalog, continuing: market)
    random = Random(seed: plan.seed, .live)
    writer = ActionWriter(generator.catalog, seed: plan.seed)
  }

  /// Generates the next transaction, at `time` in milliseconds since 1970, and passes its events to `take`: one or a few.
  package mutating func advance(to time: Int64, _ take: (GeneratedEvent) throws -> Void) rethrows {
    if luckLeft == 0 {
      luckyPartner = random.below(builder.market.partners.count)
      luckLeft = random.within(100...400)
    }
    luckLeft -= 1
    let second = time / 1000
    switch random.below(100) {
    case 0..<55: try act(at: time, take)
    case 55..<67: if let seat = hire(at: second) { try act(seat, at: time, take) }
    case 67..<79: sell(at: second)
    case 79..<85: certify(at: second)
    case 85..<91: deploy(at: second)
    case 91..<95: shrink(at: second)
    case 95..<97: changePartner(at: second)
    default: credit(at: second)
    }
    try builder.events.forEach(take)
    builder.events.removeAll()
  }

  /// Somebody uses a licensed workload.
  private mutating func act(at time: Int64, _ take: (GeneratedEvent) throws -> Void) rethrows {
    guard !builder.market.seats.isEmpty else { return }
    let day = Int32(time / 1000 / secondsPerDay)
    var seat = builder.market.seats[random.below(builder.market.seats.count)]
    for _ in 0..<8 where seat.endDay <= day {
      seat = builder.market.seats[random.below(builder.market.seats.count)]
    }
    try act(seat, at: time, take)
  }

  private mutating func act(
    _ seat: Market.Seat, at time: Int64, _ take: (GeneratedEvent) throws -> Void
  ) rethrows {
    // The license must precede its use.
    try builder.events.forEach(take)
    builder.events.removeAll()
    writer.write(seat, of: builder.market, at: time, &random)
    try writer.key.withUnsafeBytes { key in
      try writer.value.withUnsafeBytes { value in
        try take(GeneratedEvent(topic: .usageActions, key: key, value: value, timestamp: time))
      }
    }
  }

  /// A subscription in use, of the favored partner if a few draws find one.
  mutating func drawSubscription() -> Int? {
    var found: Int?
    guard !builder.market.subscriptions.isEmpty else { return nil }
    for attempt in 0..<60 {
      let index = random.below(builder.market.subscriptions.count)
      let subscription = builder.market.subscriptions[index]
      guard subscription.status == SubscriptionStatus.active.rawValue,
        subscription.kind == SubscriptionKind.paid.rawValue, subscription.partner >= 0
      else { continue }
      found = index
      if subscription.partner == luckyPartner || attempt >= 40 { break }
    }
    return found
  }

  /// One of the favored partner's people if a few draws find one.
  mutating func drawPerson() -> Int? {
    guard !builder.market.people.isEmpty else { return nil }
    var person = random.below(builder.market.people.count)
    for _ in 0..<40 where builder.market.people[person].partner != luckyPartner {
      person = random.below(builder.market.people.count)
    }
    return person
  }
}
