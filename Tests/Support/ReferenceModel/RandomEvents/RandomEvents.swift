import Contract
import Randomness

/// Makes events of a small world, all from a seed: few entities, so that events meet; few instants, many of them at
/// the edge of a month; and now and then one that must be refused.
package struct RandomEvents {
  package var generator: SplitMix64
  let world: RandomWorld

  package init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
    world = RandomWorld(using: &generator)
  }

  /// A whole set, in the order of a log.
  package mutating func set() -> [LoggedEvent] {
    var log: [LoggedEvent] = []
    if generator.percent(80) {
      // Something to be counted for somebody.
      for partner in world.partners where generator.percent(80) { log.append(logged(enrolment(of: partner))) }
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
    if !log.isEmpty, generator.percent(8) { return generator.pick(log) }
    if !log.isEmpty, generator.percent(10) { return logged(sameOrder(as: generator.pick(log).event)) }
    if generator.percent(5) { return refused() }
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
    guard let time = event.time, generator.percent(50) else { return LoggedEvent(event) }
    let milliseconds = time.seconds * 1000 + (Int64(time.nanos) + 999_999) / 1_000_000
    return LoggedEvent(event, timestamp: milliseconds + generator.pick([0, 1000, -24 * 3_600_000]))
  }

  /// Another event with the order key of `event`: the later one in the log must win.
  private mutating func sameOrder(as event: InputEvent) -> InputEvent {
    switch event {
    case .usageAction(var action):
      action.workload = generator.pick(world.workloads)
      action.intentional = generator.percent(80)
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
