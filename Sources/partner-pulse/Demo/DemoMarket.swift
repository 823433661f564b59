import Contract
import EventImport
import EventLog
import Generator
import Indicators
import Platform

/// The synthetic market of the demo.
struct DemoMarket {
  let log: any EventLog
  let seed: UInt64
  let catalog: Catalog

  /// Writes the events of the last thirty months.
  func makeHistory() throws -> LiveMarket {
    var plan = MarketPlan(end: WallClock.now.seconds)
    plan.seed = seed
    plan.partners = 60
    plan.customers = 400
    plan.users = 6000
    plan.actions = 150_000
    plan.months = 30
    let generator = Generator(plan: plan, catalog: catalog)
    let writer = try EventWriter(log)
    let market = try generator.generate(.entitiesFirst, writer.append)
    try writer.flush()
    return LiveMarket(generator, market)
  }

  /// Writes new events at `rate` per second, until `stop`.
  func writeLive(_ history: LiveMarket, rate: Double, until stop: StopSignal) throws {
    var live = history
    let writer = try EventWriter(log)
    var limiter = RateLimiter(rate: rate)
    while !stop.isStopped {
      let now = WallClock.now
      try live.advance(to: now.seconds * 1000 + Int64(now.nanos) / 1_000_000, writer.append)
      guard let wait = limiter.next() else { continue }
      try writer.flush()
      stop.wait(for: wait)
    }
  }
}
