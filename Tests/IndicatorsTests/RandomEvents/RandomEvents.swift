import Contract

/// Makes events of a small world, all from a seed: few entities, so that events meet; few instants, many of them at the edge
/// of a month; and now and then one that must be refused.
struct RandomEvents {
  var generator: SplitMix64
  private let world: RandomWorld

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
    world = RandomWorld(using: &generator)
  }

  /// A whole set, in the order of a log.
  mutating func set() -> [LoggedEvent] {
    var log: [LoggedEvent] = []
    if generator.chance(80) {
      // Something to be counted for somebody.
      for partner in world.partners where generator.chance(80) { log.append(logged(enrolment(of: partner))) }
      for customer in world.customers { log.append(logged(.subscription(subscription(of: customer)))) }
    }
    for _ in 0..<Int.random(in: 1...world.length, using: &generator) { log.append(next(after: log)) }
    switch generator.pick([0, 1, 2, 3]) {
    case 0: log.sort { ($0.event.time ?? Timestamp()) < ($1.event.time ?? Timestamp()) }
    case 1: log.sort { ($0.event.time ?? Timestamp()) > ($1.event.time ?? Timestamp()) }
    case 2: log.shuffle(using: &generator)
    default: break
    }
    return log
  }

  private mutating func next(after log: [LoggedEvent]) -> LoggedEvent {
    if !log.isEmpty, generator.chance(8) { return generator.pick(log) }
    if !log.isEmpty, generator.chance(10) { return logged(sameOrder(as: generator.pick(log).event)) }
    if generator.chance(5) { return refused() }
    return logged(event())
  }

  mutating func event() -> InputEvent {
    let customer = generator.pick(world.customers)
    switch generator.pick(world.mix) {
    case .usageActions: return .usageAction(usageAction(of: customer))
    case .licenseAssignments: return .licenseAssignment(assignment(of: customer))
    case .subscriptions: return .subscription(subscription(of: customer))
    case .billingLines: return .billingLine(billingLine(of: customer))
    case .instances: return .instance(instance(of: customer))
    case .customers: return .customer(move(of: customer))
    case .examPasses: return .examPass(examPass())
    case .affiliations: return .affiliation(affiliation())
    default: return enrolment(of: generator.pick(world.partners))
    }
  }

  /// Puts an event into the log, mostly with a record timestamp that its time is just allowed to have.
  private mutating func logged(_ event: InputEvent) -> LoggedEvent {
    guard let time = event.time, generator.chance(50) else { return LoggedEvent(event) }
    let milliseconds = time.seconds * 1000 + (Int64(time.nanos) + 999_999) / 1_000_000
    return LoggedEvent(event, timestamp: milliseconds + generator.pick([0, 1000, -24 * 3_600_000]))
  }

  /// Another event with the order key of `event`: the later one in the log must win.
  private mutating func sameOrder(as event: InputEvent) -> InputEvent {
    switch event {
    case .usageAction(var action):
      action.workload = generator.pick(world.workloads)
      action.intentional = generator.chance(80)
      return .usageAction(action)
    case .licenseAssignment(var step):
      step.assigned.toggle()
      return .licenseAssignment(step)
    case .subscription(let step):
      var other = subscription(of: step.customerID)
      (other.subscriptionID, other.effectiveAt, other.revision) =
        (step.subscriptionID, step.effectiveAt, step.revision)
      return .subscription(other)
    case .billingLine(let line):
      var other = billingLine(of: line.customerID)
      (other.lineID, other.revision) = (line.lineID, line.revision)
      return .billingLine(other)
    case .instance(let step):
      var other = instance(of: step.customerID)
      (other.subscriptionID, other.instanceID) = (step.subscriptionID, step.instanceID)
      (other.effectiveAt, other.revision) = (step.effectiveAt, step.revision)
      return .instance(other)
    case .customer(var step):
      step.country = generator.pick(world.countries)
      return .customer(step)
    case .examPass(let pass):
      var other = examPass()
      (other.personID, other.exam, other.revision) = (pass.personID, pass.exam, pass.revision)
      return .examPass(other)
    case .affiliation(let step):
      var other = affiliation()
      (other.personID, other.effectiveAt, other.revision) = (step.personID, step.effectiveAt, step.revision)
      return .affiliation(other)
    case .partner(var step):
      step.accounts = accounts()
      step.country = generator.pick(world.partnerCountries)
      return .partner(step)
    case .undecodable:
      return event
    }
  }
}

// MARK: - The events, each of a random content

extension RandomEvents {
  private mutating func time() -> Timestamp { world.time(using: &generator) }

  private mutating func revision() -> Int64 {
    generator.chance(3) ? generator.pick([.min, -1, .max]) : Int64.random(in: 0...3, using: &generator)
  }

  private mutating func accounts() -> [PartnerAccount] {
    generator.pick([[.mpn], [.csp], [.mpn, .csp], [.csp, PartnerAccount(rawValue: 7)]])
  }

  private mutating func usageAction(of customer: String) -> UsageAction<String> {
    var action = UsageAction<String>()
    action.customerID = customer
    action.subscriptionID = generator.pick(world.subscriptions)
    action.userID = generator.pick(world.users)
    action.workload = generator.pick(world.workloads)
    action.action = "open"
    action.intentional = generator.chance(90)
    action.occurredAt = time()
    return action
  }

  private mutating func assignment(of customer: String) -> LicenseAssignment<String> {
    var step = LicenseAssignment<String>()
    step.customerID = customer
    step.subscriptionID = generator.pick(world.subscriptions)
    step.userID = generator.pick(world.users)
    step.assigned = generator.chance(70)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  private mutating func subscription(of customer: String) -> Subscription<String> {
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
    step.seats = generator.pick([0, 1, 5, 5, 10, 1000, 1 << 54])
    step.dporPartnerID = generator.chance(15) ? "" : generator.pick(world.partners)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  private mutating func billingLine(of customer: String) -> BillingLine<String> {
    var line = BillingLine<String>()
    line.customerID = customer
    line.subscriptionID = generator.pick(world.subscriptions)
    line.lineID = generator.pick(world.lines)
    line.revision = revision()
    line.licenseProgram = generator.pick([.enterpriseAgreement, .enterpriseAgreement, .open, .webDirect])
    line.amountMicros = generator.pick([0, 1, 1_000_000, 12_345_678, -5_000_000, -1, 1 << 55 + 1])
    line.currency = "EUR"
    line.billedAt = time()
    line.contractStart = time()
    if generator.chance(50), let start = line.contractStart {
      // At an edge of the first twelve months.
      line.billedAt = generator.pick([start, ModelCalendar.twelveMonths(after: start)])
    }
    line.offCloud = generator.chance(8)
    line.voided = generator.chance(12)
    return line
  }

  private mutating func instance(of customer: String) -> Instance<String> {
    var step = Instance<String>()
    step.customerID = customer
    step.subscriptionID = generator.pick(world.subscriptions)
    step.instanceID = generator.pick(world.instances)
    step.workload = generator.pick(world.workloads)
    step.environment = generator.pick([
      .production, .production, .production, .sandbox, Environment(rawValue: 9),
    ])
    step.deployed = generator.chance(80)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  private mutating func move(of customer: String) -> Customer<String> {
    var step = Customer<String>()
    step.customerID = customer
    step.country = generator.pick(world.countries)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  private mutating func examPass() -> ExamPass<String> {
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
    pass.revoked = generator.chance(15)
    pass.revision = revision()
    return pass
  }

  private mutating func affiliation() -> Affiliation<String> {
    var step = Affiliation<String>()
    step.personID = generator.pick(world.persons)
    step.partnerID = generator.chance(15) ? "" : generator.pick(world.partners)
    step.country = generator.pick(world.countries)
    step.effectiveAt = time()
    step.revision = revision()
    return step
  }

  private mutating func enrolment(of partner: String) -> InputEvent {
    var step = Partner<String>()
    step.partnerID = partner
    step.name = "Partner"
    step.country = generator.chance(80) ? "FR" : generator.pick(world.partnerCountries)
    step.accounts = generator.chance(85) ? accounts() : generator.pick([[], [PartnerAccount(rawValue: 7)]])
    step.effectiveAt = generator.chance(50) ? world.start : time()
    step.revision = revision()
    return .partner(step)
  }
}
