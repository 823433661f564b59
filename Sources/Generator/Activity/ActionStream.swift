import Contract
import Indicators

/// The usage actions of a market, in the order in which they are reported.
struct ActionStream {
  private let plan: MarketPlan
  private let market: Market
  private let shares: [Int]
  private let hours: [(start: Int64, seconds: Int64)]
  private var writer: ActionWriter
  private var random: Random
  private var hour = 0
  /// Actions of this hour so far.
  private var done = 0
  private var month: Month?
  private var seats: ActiveSeats?
  /// The record's timestamp, in milliseconds since 1970.
  private(set) var timestamp: Int64 = 0
  /// When the last action was reported, in milliseconds since 1970.
  private(set) var due: Int64 = 0

  init(_ plan: MarketPlan, _ market: Market, _ catalog: Catalog) {
    self.plan = plan
    self.market = market
    let rhythm = Rhythm(plan)
    hours = rhythm.hours
    shares = rhythm.shares(of: plan.actions)
    writer = ActionWriter(catalog, seed: plan.seed)
    random = Random(seed: plan.seed, .activity)
  }

  /// Generates the next action; returns false after the last one.
  mutating func next() -> Bool {
    while hour < shares.count, done == shares[hour] {
      hour += 1
      done = 0
    }
    guard hour < shares.count else { return false }
    let (start, seconds) = hours[hour]
    // One in each of as many equal parts of the hour as it has actions, so that time never goes back.
    let span = seconds * 1000
    let part = (Int64(done) * span / Int64(shares[hour]), Int64(done + 1) * span / Int64(shares[hour]))
    due = start * 1000 + part.0 + Int64(random.below(Int(max(1, part.1 - part.0))))
    done += 1
    // A few are reported twice.
    if random.perMille(3), !writer.value.isEmpty { return true }
    var time = due
    // A few are reported late.
    if random.perMille(5) { time = max(plan.start * 1000, due - Int64(random.below(25 * 86_400_000))) }
    guard let seat = drawSeat(at: time) else { return false }
    writer.write(market.seats[seat], of: market, at: time, &random)
    timestamp = time
    return true
  }

  /// Calls `body` with the action that `next` generated.
  func withEvent(_ body: (GeneratedEvent) throws -> Void) rethrows {
    try writer.key.withUnsafeBytes { key in
      try writer.value.withUnsafeBytes { value in
        try body(GeneratedEvent(topic: .usageActions, key: key, value: value, timestamp: timestamp))
      }
    }
  }

  /// Nil if nobody has a license.
  private mutating func drawSeat(at time: Int64) -> Int? {
    let now = Month(secondsSince1970: due / 1000)
    if now != month {
      month = now
      let found = ActiveSeats(market, in: now)
      // If nobody has a license yet, those act who will have one, since as many actions as requested must be generated.
      seats = found.isEmpty ? ActiveSeats(everyoneOf: market) : found
    }
    guard let seats, !seats.isEmpty else { return nil }
    return seats.draw(market, day: Int32(time / 1000 / secondsPerDay), &random)
  }
}
