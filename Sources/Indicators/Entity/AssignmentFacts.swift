import Contract

extension EntityState {
  func apply(_ event: LicenseAssignmentView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits)
    advanceClock(to: time)

    let subscription = customers.number(ofSubscription: event.subscriptionID, of: event.customerID)
    let identity = Identity(event.customerID.bytes)
      .appending(event.subscriptionID.bytes).appending(event.userID.bytes)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    var change: (seats: Int64, months: Range<Month>)?
    customers.insert(isAssigned: event.assigned, at: order, of: identity, subscription: subscription) {
      months, old in
      if event.assigned != (old ?? false) { change = (event.assigned ? 1 : -1, months) }
    }
    guard let change else { return }
    customers.contributeAssigned(change.seats, to: subscription, in: change.months, to: &contributions)
  }
}

extension CustomerState {
  /// Attaches `delta` assigned seats to a subscription for all of `months`.
  fileprivate mutating func contributeAssigned(
    _ delta: Int64, to subscription: Int32, in months: Range<Month>, to contributions: inout Contributions
  ) {
    attachAssigned(delta, during: months, of: subscription)
    forEachAttribution(of: subscription, in: months, from: contributions.base) { stretch, attribution in
      guard attribution.state.isLive else { return }
      contributions.forEachCell(attribution, sides: contributions.sideSets[attribution.state.sides]) {
        $0.addLevel(delta, to: .assignedSeats, during: stretch, of: $1)
      }
    }
  }
}
