import Contract
import Indicators

extension MarketBuilder {
  /// Bills a subscription for a month: every month, or for a year at once, depending on its program.
  mutating func bill(_ life: inout SubscriptionLife, _ random: inout Random) {
    let isBilled =
      life.state.kind == SubscriptionKind.paid.rawValue
      || life.state.kind == SubscriptionKind.publicSector.rawValue
    let isInUse =
      life.state.status == SubscriptionStatus.active.rawValue
      || life.state.status == SubscriptionStatus.inGrace.rawValue
    guard isBilled, isInUse else { return }
    let isAnniversary = life.age % 12 == 0
    switch LicenseProgram(rawValue: life.state.program) {
    case .enterpriseAgreement:
      if isAnniversary, life.age > 0, random.percent(50) { life.contractStart = life.month.firstSecond }
      // In between, for seats that were added.
      if isAnniversary || random.percent(8) {
        addLine(&life, months: isAnniversary ? 12 : 1, &random)
      }
    case .open: if isAnniversary { addLine(&life, months: 12, &random) }
    // Its first bill comes months after the first seat.
    case .webDirect: if life.age >= 2 { addLine(&life, months: 1, &random) }
    default: addLine(&life, months: 1, &random)
    }
  }

  private mutating func addLine(_ life: inout SubscriptionLife, months: Int64, _ random: inout Random) {
    life.lines += 1
    let time = max(life.state.start, second(in: life.month, &random))
    var line = BillingLine<String>()
    line.customerID = market.customers[life.state.customer].id
    line.subscriptionID = Market.subscriptionID(life.state.number)
    line.lineID = "\(life.state.number)-\(life.lines)"
    line.revision = 1
    line.licenseProgram = LicenseProgram(rawValue: life.state.program)
    line.amountMicros = amount(of: life.state, months: months, &random)
    // A few lines have a currency that must be rejected.
    line.currency = random.perMille(1) ? "EUR" : "USD"
    line.billedAt = Timestamp(time)
    if line.licenseProgram == .enterpriseAgreement { line.contractStart = Timestamp(life.contractStart) }
    line.offCloud = random.perMille(15)
    put(line, at: time, &random)
    correct(line, at: time, &random)
    guard random.perMille(40), time + 20 * secondsPerDay < plan.end else { return }
    life.lines += 1
    line.lineID = "\(life.state.number)-\(life.lines)"
    line.amountMicros = -line.amountMicros * Int64(random.within(5...60)) / 100
    let credited = time + Int64(random.within(1...20)) * secondsPerDay
    line.billedAt = Timestamp(credited)
    put(line, at: credited, &random)
  }

  private mutating func correct(_ line: BillingLine<String>, at time: Int64, _ random: inout Random) {
    var line = line
    line.revision += 1
    switch random.below(100) {
    case 0: line.voided = true
    case 1, 2: line.amountMicros -= line.amountMicros / 10
    default: return
    }
    putCorrection(line, at: time, &random)
  }

  /// In millionths of a dollar, with a discount.
  func amount(of state: Market.Subscription, months: Int64, _ random: inout Random) -> Int64 {
    state.seats * offering[state.product].price * months * Int64(random.within(70...100)) * 10_000
  }
}
