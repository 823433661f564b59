import Contract

/// The part of a subscription's state that results depend on.
struct SubscriptionState: Equatable {
  /// `PartnerRegistry.none` for no partner of record.
  var partner: Int32
  /// In `Contributions.sideSets`; -1 for an unlisted product.
  var sides: Int32
  /// The product's index in the catalog; `unlisted` for one that is not on offer.
  var product: Int16
  /// Of kind PAID.
  var isPaid: Bool
  /// ACTIVE or IN_GRACE.
  var isLive: Bool
  var seats: Int32

  static let unlisted: Int16 = -1

  /// The *paid seats* of SEMANTICS.
  var paidSeats: Int64 { isPaid && isLive ? Int64(seats) : 0 }

  /// Whether it counts for anybody.
  var counts: Bool { partner != PartnerRegistry.none && product != SubscriptionState.unlisted }
}

extension SubscriptionState {
  init(
    _ event: SubscriptionView, _ catalog: Catalog, _ partners: inout PartnerRegistry,
    _ sideSets: inout ProductSideSets
  ) {
    product = catalog.productIndex[Identity(event.product)] ?? SubscriptionState.unlisted
    sides = -1
    if product != SubscriptionState.unlisted {
      let workloadSides = catalog.workloadSides[Int(product)]
      sides = sideSets.number(
        product: product,
        workloads: event.workloads.compactMap { workload in
          catalog.workloadIndex[Identity(workload)].flatMap { workloadSides[Int($0)]?.last }
        })
    }
    partner = partners.number(of: event.dporPartnerID)
    isPaid = event.kind == .paid
    isLive = event.status == .active || event.status == .inGrace
    // `EventLimits.seats` at most.
    seats = Int32(event.seats)
  }
}

/// A subscription over time, and what is attached to it by month.
struct SubscriptionFacts {
  var customer: Int32
  var timeline = Timeline<SubscriptionState>()
  var attached = AttachedSeries()
  /// Level, by workload index: instances that are deployed and PRODUCTION.
  private(set) var instances: [(workload: Int16, series: MonthSeries)] = []
  /// Numbers of the places of its usage, see `UsageTable`.
  var places: [UInt32] = []

  mutating func forget(before month: Month) { timeline.forget(before: month) }

  mutating func addInstances(_ delta: Int64, in workload: Int16, during months: Range<Month>) {
    let index = instances.firstIndex { $0.workload == workload } ?? instances.count
    if index == instances.count { instances.append((workload, MonthSeries())) }
    instances[index].series.addLevel(delta, during: months)
  }
}

extension EntityState {
  func apply(_ event: SubscriptionView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits)
    advanceClock(to: time)

    let subscription = customers.number(ofSubscription: event.subscriptionID, of: event.customerID)
    let state = SubscriptionState(event, catalog, &partners, &contributions.sideSets)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    let base = contributions.base
    // From the month before the base, since what the base month adds or loses depends on it.
    let months = customers.subscriptions[Int(subscription)].timeline.effect(of: state, at: order).from(
      base - 1)
    let users =
      customers.movesUsage(of: subscription, to: state, in: months)
      ? usage.users(of: [subscription], activeIn: months, customers, base) : []
    contribute(subscription, users: users, in: months, .withdraw)
    customers.insert(state, at: order, of: subscription)
    contribute(subscription, users: users, in: months, .add)
  }

  private func contribute(
    _ subscription: Int32, users: [UInt32], in months: Range<Month>, _ change: ContributionChange
  ) {
    guard !months.isEmpty else { return }
    customers.contributeAttached(to: subscription, in: months, change, to: &contributions)
    // What was added or lost depends on the month before, so the first month after the change differs too.
    let compared = months.lowerBound..<months.upperBound + 1
    customers.contributeSeats(of: subscription, in: compared, change, to: &contributions)
    customers.contributeCustomersAdded(
      of: customers.subscriptions[Int(subscription)].customer, in: compared, change, to: &contributions)
    usage.contribute(users, change, customers, to: &contributions)
  }
}

extension CustomerState {
  /// Whether a new state changes whom, or which product, usage counts for.
  fileprivate func movesUsage(
    of subscription: Int32, to state: SubscriptionState, in months: Range<Month>
  ) -> Bool {
    guard !months.isEmpty else { return false }
    let timeline = subscriptions[Int(subscription)].timeline
    guard let first = timeline.state(in: months.lowerBound) else { return true }
    return first.partner != state.partner || first.product != state.product
  }
}
