import Contract
import Indicators

/// A subscription while its history is generated, month by month.
struct SubscriptionLife {
  var state: Market.Subscription
  var month: Month
  /// Of an enterprise agreement; it may be renewed.
  var contractStart: Int64
  /// Billing lines so far.
  var lines = 0

  init(_ state: Market.Subscription) {
    self.state = state
    month = Month(secondsSince1970: state.start)
    contractStart = state.start
  }

  var isCancelled: Bool { state.status == SubscriptionStatus.cancelled.rawValue }
  /// Months since it began.
  var age: Int64 { Int64(month - Month(secondsSince1970: state.start)) }
}

extension MarketBuilder {
  /// Generates a subscription from its start to its end, or to the market's end: its steps, and what is billed for it.
  mutating func addSubscription(
    of customer: Int, number: Int, from start: Int64, users: Int, _ random: inout Random
  ) {
    var life = SubscriptionLife(firstState(of: customer, number: number, from: start, users: users, &random))
    putStep(&life, at: start, &random)
    bill(&life, &random)
    while life.month < plan.lastMonth, !life.isCancelled {
      life.month = life.month + 1
      changeMonth(&life, &random)
      bill(&life, &random)
    }
    addInstances(life.state, &random)
    market.subscriptions.append(life.state)
  }

  private func firstState(
    of customer: Int, number: Int, from start: Int64, users: Int, _ random: inout Random
  ) -> Market.Subscription {
    let partner = drawPartner(for: market.customers[customer].country, &random)
    let isUsual = partner >= 0 && random.percent(60)
    // Two in a hundred are for something that is not in the catalog.
    let product =
      random.percent(2)
      ? -1 : isUsual ? market.partners[partner].specialty : random.below(offering.products.count)
    let workloads = offering[product].workloads
    var mask: UInt64 = 1 << UInt64(random.below(min(64, workloads.count)))
    for index in workloads.indices.prefix(64) where random.percent(35) { mask |= 1 << UInt64(index) }
    let kinds: [(SubscriptionKind, Int)] = [(.paid, 80), (.trial, 8), (.internalUse, 4), (.publicSector, 8)]
    return Market.Subscription(
      customer: customer, number: number, product: product, workloads: mask,
      program: drawProgram(users: users, &random).rawValue, kind: draw(kinds, &random).rawValue,
      status: SubscriptionStatus.active.rawValue, seats: Int64(users * random.within(100...150) / 100),
      partner: partner, revision: 0, start: start, end: plan.end)
  }

  /// Drawn by weight, preferably of the same country; -1 for none.
  func drawPartner(for country: String, _ random: inout Random) -> Int {
    if random.percent(3) { return -1 }
    var partner = partnersByWeight.draw(&random)
    for _ in 0..<3 where market.partners[partner].country != country {
      partner = partnersByWeight.draw(&random)
    }
    return partner
  }

  private func drawProgram(users: Int, _ random: inout Random) -> LicenseProgram {
    let isLarge = users >= 150
    let programs: [(LicenseProgram, Int)] = [
      (.cloudSolutionProvider, isLarge ? 30 : 60), (.webDirect, isLarge ? 0 : 25),
      (.enterpriseAgreement, isLarge ? 50 : 5), (.open, isLarge ? 20 : 10),
    ]
    return draw(programs, &random)
  }

  private func draw<Choice>(_ choices: [(Choice, Int)], _ random: inout Random) -> Choice {
    choices[CumulativeWeights(choices.map(\.1)).draw(&random)].0
  }

  /// Records the state at `time`; a few are wrong at first and corrected later.
  mutating func putStep(_ life: inout SubscriptionLife, at time: Int64, _ random: inout Random) {
    life.state.revision += 1
    put(message(of: life.state, at: time), at: time, &random)
    guard random.perMille(25) else { return }
    if life.state.partner < 0 {
      life.state.partner = partnersByWeight.draw(&random)
    } else {
      life.state.seats += Int64(random.within(1...5))
    }
    life.state.revision += 1
    putCorrection(message(of: life.state, at: time), at: time, &random)
  }

  func message(of state: Market.Subscription, at time: Int64) -> Subscription<String> {
    var message = Subscription<String>()
    message.customerID = market.customers[state.customer].id
    message.subscriptionID = Market.subscriptionID(state.number)
    message.product = offering[state.product].id
    message.workloads = offering[state.product].workloads.enumerated().compactMap { index, id in
      index < 64 && state.workloads >> UInt64(index) & 1 == 1 ? id : nil
    }
    message.licenseProgram = LicenseProgram(rawValue: state.program)
    message.kind = SubscriptionKind(rawValue: state.kind)
    message.status = SubscriptionStatus(rawValue: state.status)
    message.seats = state.seats
    message.dporPartnerID = state.partner < 0 ? "" : market.partners[state.partner].id
    message.effectiveAt = Timestamp(time)
    message.revision = state.revision
    return message
  }
}
