import Contract
import Randomness

// The events, each of a random content.
extension RandomEvents {
  mutating func time() -> Timestamp { world.time(using: &generator) }

  mutating func revision() -> Int64 {
    generator.percent(3) ? generator.pick([.min, -1, .max]) : Int64.random(in: 0...3, using: &generator)
  }

  mutating func accounts() -> [PartnerAccount] {
    generator.pick([[.mpn], [.csp], [.mpn, .csp], [.csp, PartnerAccount(rawValue: 7)]])
  }

  mutating func usageAction(of customer: String) -> UsageAction<String> {
    var action = UsageAction<String>()
    action.customerID = customer
    action.subscriptionID = generator.pick(world.subscriptions)
    action.userID = generator.pick(world.users)
    action.workload = generator.pick(world.workloads)
    action.action = "open"
    action.intentional = generator.percent(90)
    action.occurredAt = time()
    return action
  }

  mutating func assignment(of customer: String) -> LicenseAssignment<String> {
    var step = LicenseAssignment<String>()
    step.customerID = customer
    step.subscriptionID = generator.pick(world.subscriptions)
    step.userID = generator.pick(world.users)
    step.assigned = generator.percent(70)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  mutating func subscription(of customer: String) -> Subscription<String> {
    var step = Subscription<String>()
    step.customerID = customer
    step.subscriptionID = generator.pick(world.subscriptions)
    step.product = generator.pick(["A", "A", "A", "B", "B", "N", "off", ""])
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      step.workloads.append(generator.pick(world.workloads))
    }
    step.licenseProgram = generator.pick(
      [.enterpriseAgreement, .cloudSolutionProvider, .webDirect, .open, LicenseProgram(rawValue: 9)])
    step.kind = generator.pick(
      [.paid, .paid, .paid, .paid, .trial, .internalUse, .publicSector, SubscriptionKind(rawValue: 9)])
    step.status = generator.pick(
      [.active, .active, .active, .inGrace, .suspended, .cancelled, SubscriptionStatus(rawValue: 9)])
    step.seats = generator.pick([0, 1, 5, 5, 10, 1000, 10_000_000])
    step.dporPartnerID = generator.percent(15) ? "" : generator.pick(world.partners)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  mutating func billingLine(of customer: String) -> BillingLine<String> {
    var line = BillingLine<String>()
    line.customerID = customer
    line.subscriptionID = generator.pick(world.subscriptions)
    line.lineID = generator.pick(world.lines)
    line.revision = revision()
    line.licenseProgram = generator.pick([.enterpriseAgreement, .enterpriseAgreement, .open, .webDirect])
    line.amountMicros = generator.pick([
      0, 1, 1_000_000, 12_345_678, -5_000_000, -1, 1_000_000_000_000_000, -1_000_000_000_000_000,
    ])
    line.currency = "EUR"
    line.billedAt = time()
    line.contractStart = time()
    if generator.percent(50), let start = line.contractStart {
      // At an edge of the first twelve months.
      line.billedAt = generator.pick([start, ModelCalendar.twelveMonths(after: start)])
    }
    line.offCloud = generator.percent(8)
    line.voided = generator.percent(12)
    return line
  }

  mutating func instance(of customer: String) -> Instance<String> {
    var step = Instance<String>()
    step.customerID = customer
    step.subscriptionID = generator.pick(world.subscriptions)
    step.instanceID = generator.pick(world.instances)
    step.workload = generator.pick(world.workloads)
    step.environment = generator.pick([
      .production, .production, .production, .sandbox, Environment(rawValue: 9),
    ])
    step.deployed = generator.percent(80)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  mutating func move(of customer: String) -> Customer<String> {
    var step = Customer<String>()
    step.customerID = customer
    step.country = generator.pick(world.countries)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  mutating func examPass() -> ExamPass<String> {
    var pass = ExamPass<String>()
    pass.personID = generator.pick(world.persons)
    pass.exam = generator.pick(["E1", "E2", "E3", "E4", "E9"])
    pass.passedAt = time()
    switch generator.pick([0, 0, 1, 2, 3]) {
    case 1: pass.expiresAt = time()
    case 2: pass.expiresAt = Timestamp(seconds: 4_102_444_799, nanos: 999_999_999)
    case 3: pass.expiresAt = generator.pick(RandomWorld.extremes)
    default: break
    }
    pass.revoked = generator.percent(15)
    pass.revision = revision()
    return pass
  }

  mutating func affiliation() -> Affiliation<String> {
    var step = Affiliation<String>()
    step.personID = generator.pick(world.persons)
    step.partnerID = generator.percent(15) ? "" : generator.pick(world.partners)
    step.country = generator.pick(world.countries)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  mutating func enrolment(of partner: String) -> InputEvent {
    var step = Partner<String>()
    step.partnerID = partner
    step.name = "Partner"
    step.country = generator.percent(80) ? "FR" : generator.pick(world.partnerCountries)
    step.accounts = generator.percent(85) ? accounts() : generator.pick([[], [PartnerAccount(rawValue: 7)]])
    step.effectiveAt = generator.percent(50) ? world.start : time()
    step.revision = revision()
    return .partner(step)
  }
}
