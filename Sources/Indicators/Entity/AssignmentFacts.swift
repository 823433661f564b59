import Contract

/// Whether a license of a subscription is assigned to a user, over time.
struct AssignmentFacts {
  var subscription: Int32
  var timeline = Timeline<Bool>()
}

extension EntityState {
  func apply(_ event: LicenseAssignmentView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits)
    advanceClock(to: time)

    let subscription = subscriptionNumber(event.subscriptionID, of: event.customerID)
    let identity = Identity(event.customerID.bytes)
      .appending(event.subscriptionID.bytes).appending(event.userID.bytes)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    var facts = assignments.removeValue(forKey: identity) ?? AssignmentFacts(subscription: subscription)
    let months = facts.timeline.effect(of: event.assigned, at: order)
    let wasAssigned = !months.isEmpty && facts.timeline.state(in: months.lowerBound) == true
    facts.timeline.insert(event.assigned, at: order)
    assignments[identity] = facts
    guard !months.isEmpty, event.assigned != wasAssigned else { return }
    contributeAssigned(event.assigned ? 1 : -1, to: subscription, in: months)
  }

  /// Attaches `delta` assigned seats to a subscription for all of `months`.
  func contributeAssigned(_ delta: Int64, to subscription: Int32, in months: Range<Month>) {
    subscriptions[Int(subscription)].assigned.addLevel(delta, during: months)
    forEachAttribution(of: subscription, in: months) { stretch, attribution in
      guard attribution.state.isLive else { return }
      forEachCell(attribution, sides: sideSets[attribution.state.sides]) {
        addLevel(delta, to: .assignedSeats, during: stretch, of: $0)
      }
    }
  }
}
