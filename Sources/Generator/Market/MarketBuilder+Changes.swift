import Contract
import Indicators

extension MarketBuilder {
  /// Changes a subscription in a month, or not.
  mutating func changeMonth(_ life: inout SubscriptionLife, _ random: inout Random) {
    let time = second(in: life.month, &random)
    switch SubscriptionStatus(rawValue: life.state.status) {
    case .inGrace: setStatus(random.percent(60) ? .active : .suspended, &life, at: time, &random)
    case .suspended: setStatus(random.percent(70) ? .cancelled : .active, &life, at: time, &random)
    default: changeActive(&life, at: time, &random)
    }
  }

  private mutating func setStatus(
    _ status: SubscriptionStatus, _ life: inout SubscriptionLife, at time: Int64, _ random: inout Random
  ) {
    life.state.status = status.rawValue
    if status == .cancelled { life.state.end = time }
    putStep(&life, at: time, &random)
  }

  private mutating func changeActive(_ life: inout SubscriptionLife, at time: Int64, _ random: inout Random) {
    if life.state.kind == SubscriptionKind.trial.rawValue, life.age >= 1 {
      // Half of the trials are bought.
      guard random.percent(55) else { return setStatus(.cancelled, &life, at: time, &random) }
      life.state.kind = SubscriptionKind.paid.rawValue
      return putStep(&life, at: time, &random)
    }
    let momentum = life.state.partner < 0 ? 2 : market.partners[life.state.partner].momentum
    switch random.below(1000) {
    case 0..<9 + (4 - momentum) * 3:
      setStatus(.inGrace, &life, at: time, &random)
    case 30..<37:
      // Another partner takes over; the seats stay as they are.
      life.state.partner = drawPartner(for: market.customers[life.state.customer].country, &random)
      putStep(&life, at: time, &random)
    case 40..<45:
      life.state.workloads |= 1 << UInt64(random.below(min(64, offering[life.state.product].workloads.count)))
      putStep(&life, at: time, &random)
    case 100..<100 + growthPerMille(momentum, life.month):
      life.state.seats += 1 + life.state.seats * Int64(random.within(2...20)) / 100
      putStep(&life, at: time, &random)
    case 800..<840 + (4 - momentum) * 20:
      life.state.seats -= life.state.seats * Int64(random.within(2...15)) / 100
      putStep(&life, at: time, &random)
    default: break
    }
  }

  /// More in the last month of a quarter, and most in June, when the sellers' year ends.
  private func growthPerMille(_ momentum: Int, _ month: Month) -> Int {
    let season = [80, 90, 120, 80, 90, 180, 70, 60, 120, 90, 100, 140]
    return (100 + momentum * 80) * season[month.monthOfYear - 1] / 100
  }
}
