import Contract

/// The part of an instance's state that results depend on.
struct InstanceState: Equatable {
  /// An index of `Catalog.workloadIndex`; -1 for an unlisted workload.
  var workload: Int16
  /// Deployed and PRODUCTION.
  var isInProduction: Bool

  var counts: Bool { isInProduction && workload >= 0 }
}

extension InstanceState {
  init(_ event: InstanceView, _ catalog: Catalog) {
    workload = catalog.workloadIndex[Identity(event.workload)] ?? -1
    isInProduction = event.deployed && event.environment == .production
  }
}

extension EntityState {
  func apply(_ event: InstanceView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits)
    advanceClock(to: time)

    let state = InstanceState(event, catalog)
    let subscription = customers.number(ofSubscription: event.subscriptionID, of: event.customerID)
    // An instance's id is unique within its subscription.
    let identity = Identity(event.customerID.bytes)
      .appending(event.subscriptionID.bytes).appending(event.instanceID.bytes)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    var change: (months: Range<Month>, old: InstanceState?)?
    customers.insert(state, at: order, of: identity, subscription: subscription) { change = ($0, $1) }
    guard let change else { return }
    if let old = change.old {
      customers.contribute(old, of: subscription, in: change.months, .withdraw, to: &contributions)
    }
    customers.contribute(state, of: subscription, in: change.months, .add, to: &contributions)
  }
}

extension CustomerState {
  /// Adds an instance to what is attached to its subscription for all of `months`, or withdraws it.
  fileprivate mutating func contribute(
    _ instance: InstanceState, of subscription: Int32, in months: Range<Month>,
    _ change: ContributionChange, to contributions: inout Contributions
  ) {
    guard instance.counts else { return }
    attachInstances(change * 1, in: instance.workload, during: months, of: subscription)
    forEachAttribution(of: subscription, in: months, from: contributions.base) { stretch, attribution in
      contributions.forEachCell(attribution, workload: instance.workload) {
        $0.addLevel(change * 1, to: .productionInstances, during: stretch, of: $1)
      }
    }
  }
}
