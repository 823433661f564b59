import Contract

extension CustomerState {
  /// O(state). `partners` and `sideSets` are how many there are.
  func checkInvariants(partners: Int, sideSets: Int) throws(BrokenInvariant) {
    var isListed = [Bool](repeating: false, count: subscriptions.count)
    for customer in numbers {
      try BrokenInvariant.check(
        number(ofKnown: identity(of: customer)) == customer, "customer \(customer) is not found")
      try self[customer].locations.checkInvariants()
      for number in self[customer].subscriptions {
        let isOwn =
          subscriptions.indices.contains(Int(number)) && subscriptions[Int(number)].customer == customer
        try BrokenInvariant.check(
          isOwn && !isListed[Int(number)],
          "customer \(customer) has subscription \(number) of another, or twice")
        isListed[Int(number)] = true
      }
    }
    for (number, facts) in subscriptions.enumerated() {
      try BrokenInvariant.check(isListed[number], "subscription \(number) has no customer")
      try BrokenInvariant.check(
        self.number(ofKnownSubscription: identity(ofSubscription: Int32(number))) == Int32(number),
        "subscription \(number) is not found")
      try facts.timeline.checkInvariants()
      for step in facts.timeline.steps {
        let state = step.state
        try BrokenInvariant.check(
          (PartnerRegistry.none..<Int32(partners)).contains(state.partner)
            && (-1..<Int32(sideSets)).contains(state.sides)
            && (state.sides == -1) == (state.product == SubscriptionState.unlisted),
          "subscription \(number) refers to something that there is not: \(state)")
      }
    }
  }

  /// Checks that what is attached to subscriptions from `base` on is what lines, assignments and instances attach.
  func checkAttached(from base: Month) throws(BrokenInvariant) {
    var expected = [AttachedFacts](repeating: AttachedFacts(), count: subscriptions.count)
    for number in 0..<Int32(lines.count) {
      let line = lines[number]
      guard line.month >= base, line.amountMicros != 0 else { continue }
      expected[Int(line.subscription)].add(line)
    }
    for number in 0..<Int32(assignments.count) {
      let (_, subscription, timeline) = assignments[number]
      try timeline.checkInvariants()
      timeline.forEachRun(in: .distantPast..<Month.never) { months, isAssigned in
        if isAssigned { expected[Int(subscription)].assigned.addLevel(1, during: months) }
      }
    }
    for number in 0..<Int32(instances.count) {
      let (_, subscription, timeline) = instances[number]
      try timeline.checkInvariants()
      timeline.forEachRun(in: .distantPast..<Month.never) { months, state in
        guard state.counts else { return }
        expected[Int(subscription)].instances[state.workload, default: MonthSeries()].addLevel(
          1, during: months)
      }
    }
    for (number, facts) in subscriptions.enumerated() {
      try BrokenInvariant.check(
        AttachedChanges(facts, from: base) == AttachedChanges(expected[number], from: base),
        "subscription \(number) has something else attached than its lines, assignments and instances")
    }
  }
}

/// What lines, assignments and instances attach to one subscription.
private struct AttachedFacts {
  var billed: [Month: Int64] = [:]
  var credited: [Month: Int64] = [:]
  var assigned = MonthSeries()
  var instances: [Int16: MonthSeries] = [:]

  mutating func add(_ line: BillingLineFact) {
    if line.amountMicros > 0 {
      billed[line.month, default: 0] &+= line.amountMicros
    } else {
      credited[line.month, default: 0] &-= line.amountMicros
    }
  }
}

/// What is attached to a subscription, in a form that two ways to it have in common.
private struct AttachedChanges: Equatable {
  private var billed: [Month: Int64]
  private var credited: [Month: Int64]
  private var assigned: [Month: Int64] = [:]
  private var instances: [Int16: [Month: Int64]] = [:]

  init(_ facts: AttachedFacts, from base: Month) {
    billed = facts.billed.filter { $0.value != 0 }
    credited = facts.credited.filter { $0.value != 0 }
    let months = base..<Month.never
    facts.assigned.forEachChange(during: months) { assigned[$0] = $1 }
    for (workload, series) in facts.instances {
      series.forEachChange(during: months) { instances[workload, default: [:]][$0] = $1 }
    }
  }

  init(_ facts: SubscriptionFacts, from base: Month) {
    (billed, credited) = ([:], [:])
    let months = base..<Month.never
    facts.attached.forEachSum(of: .billed, in: months) { month, sum, _ in billed[month] = sum }
    facts.attached.forEachSum(of: .credited, in: months) { month, sum, _ in credited[month] = sum }
    facts.attached.forEachAssignedChange(during: months) { assigned[$0] = $1 }
    for (workload, series) in facts.instances {
      series.forEachChange(during: months) { instances[workload, default: [:]][$0] = $1 }
    }
  }
}
