import Contract

extension EntityState {
  func apply(_ event: LicenseAssignmentView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits)
    advanceClock(to: time)

    let subscription = subscriptionNumber(event.subscriptionID, of: event.customerID)
    let identity = Identity(event.customerID.bytes)
      .appending(event.subscriptionID.bytes).appending(event.userID.bytes)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    var change: (seats: Int64, months: Range<Month>)?
    assignments.insert(event.assigned, at: order, of: identity, subscription: subscription) { months, old in
      if event.assigned != (old ?? false) { change = (event.assigned ? 1 : -1, months) }
    }
    if let change { contributeAssigned(change.seats, to: subscription, in: change.months) }
  }

  /// Attaches `delta` assigned seats to a subscription for all of `months`.
  func contributeAssigned(_ delta: Int64, to subscription: Int32, in months: Range<Month>) {
    subscriptions[Int(subscription)].attached.addAssigned(delta, during: months)
    forEachAttribution(of: subscription, in: months) { stretch, attribution in
      guard attribution.state.isLive else { return }
      forEachCell(attribution, sides: sideSets[attribution.state.sides]) {
        addLevel(delta, to: .assignedSeats, during: stretch, of: $0)
      }
    }
  }
}
