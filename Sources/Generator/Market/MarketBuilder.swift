import Contract
import Indicators

/// Generates a market: its customers, partners and people, and what happened to them. Its events go to `events`, from where
/// the caller takes them periodically.
struct MarketBuilder {
  let plan: MarketPlan
  let offering: Offering
  var market = Market()
  var events = EventStore()
  private(set) var partnersByWeight = CumulativeWeights([])
  private var usersOfCustomers: [Int] = []

  init(_ plan: MarketPlan, _ catalog: Catalog) {
    self.plan = plan
    offering = Offering(catalog)
  }

  /// Continues a market that was generated before.
  init(_ plan: MarketPlan, _ catalog: Catalog, continuing market: Market) {
    self.init(plan, catalog)
    self.market = market
    partnersByWeight = CumulativeWeights(market.partners.map(\.weight))
  }

  /// Generates all of it; passes `events` to `take` after each entity.
  mutating func build(_ take: (inout EventStore) throws -> Void) rethrows {
    for index in 0..<plan.partners {
      addPartner(index)
      try take(&events)
    }
    partnersByWeight = CumulativeWeights(market.partners.map(\.weight))
    let total = max(1, partnersByWeight.total)
    for (index, partner) in market.partners.enumerated() {
      // Eight people for a partner of the mean size.
      addPeople(of: index, count: 2 + partner.weight * plan.partners * 6 / total)
      try take(&events)
    }
    usersOfCustomers = customerShares()
    for index in 0..<plan.customers {
      addCustomer(index, users: usersOfCustomers[index])
      try take(&events)
    }
  }

  /// Many small customers, and a few that are a hundred times as large.
  private func customerShares() -> [Int] {
    var random = Random(seed: plan.seed, .sizes)
    let weights = (0..<plan.customers).map { _ in
      switch random.below(100) {
      case 0..<60: random.within(5...30)
      case 60..<90: random.within(30...150)
      default: random.within(150...1000)
      }
    }
    return CumulativeWeights(weights).shares(of: plan.users)
  }

  /// Records an event at `time`, in seconds since 1970, unless that is in the future. Some are reported late, and some
  /// twice.
  mutating func put(_ message: some InputMessage, at time: Int64, _ random: inout Random) {
    guard time < plan.end else { return }
    var due = time
    if random.perMille(30) { due += Int64(random.within(1...40)) * secondsPerDay }
    append(message, at: time, due: due)
    if random.perMille(10) { append(message, at: time, due: due + Int64(random.within(1...72)) * 3600) }
  }

  /// Records an event that corrects another one, some days after it.
  mutating func putCorrection(_ message: some InputMessage, at time: Int64, _ random: inout Random) {
    guard time < plan.end else { return }
    append(message, at: time, due: time + Int64(random.within(1...20)) * secondsPerDay)
  }

  private mutating func append(_ message: some InputMessage, at time: Int64, due: Int64) {
    events.append(message, at: time * 1000, due: min(due, plan.end - 1) * 1000)
  }

  /// A second within the month, sometimes its very first or last one.
  func second(in month: Month, _ random: inout Random) -> Int64 {
    let (start, end) = (month.firstSecond, (month + 1).firstSecond)
    switch random.below(100) {
    case 0, 1: return start
    case 2: return end - 1
    default: return start + Int64(random.below(Int(end - start)))
    }
  }
}

extension Timestamp {
  /// Of seconds since 1970.
  init(_ second: Int64) { self.init(seconds: second) }
}
