import Contract

/// What of a subscription's state matters.
struct SubscriptionState: Equatable {
  /// `PartnerRegistry.none` for no partner of record.
  var partner: Int32
  /// In `EntityState.sideSets`; -1 for an unlisted product.
  var sides: Int32
  /// The product's index in the catalogue; `unlisted` for one that is not on offer.
  var product: Int16
  /// Of kind PAID.
  var isPaid: Bool
  /// ACTIVE or IN_GRACE.
  var isLive: Bool
  var seats: Int32

  static let unlisted: Int16 = -1

  /// SEMANTICS: *paid seats*.
  var paidSeats: Int64 { isPaid && isLive ? Int64(seats) : 0 }

  /// Whether it counts for anybody.
  var counts: Bool { partner != PartnerRegistry.none && product != SubscriptionState.unlisted }
}

extension SubscriptionState {
  init(
    _ event: SubscriptionView, _ catalog: Catalog, _ partners: inout PartnerRegistry,
    _ sideSets: inout SideSets
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
    // No more than `EventLimits.seats`.
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

    let subscription = subscriptionNumber(event.subscriptionID, of: event.customerID)
    let state = SubscriptionState(event, catalog, &partners, &sideSets)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    // From the month before the base on: what the base month adds or loses compares with it.
    let months = subscriptions[Int(subscription)].timeline.effect(of: state, at: order).from(base - 1)
    let users =
      movesUsage(of: subscription, to: state, in: months) ? users(of: [subscription], activeIn: months) : []
    contribute(subscription, users: users, in: months, .withdraw)
    subscriptions[Int(subscription)].timeline.insert(state, at: order)
    contribute(subscription, users: users, in: months, .add)
  }

  /// The number of a subscription, which is made known if not yet.
  func subscriptionNumber(_ id: BorrowedText, of customerID: BorrowedText) -> Int32 {
    let customerIdentity = Identity(customerID.bytes)
    let identity = customerIdentity.appending(id.bytes)
    let (number, isNew) = subscriptionNumbers.take(identity)
    guard isNew else { return number }
    let customer = customerNumber(customerIdentity)
    subscriptions.append(SubscriptionFacts(customer: customer))
    customers[Int(customer)].subscriptions.append(number)
    return number
  }

  /// Whether a new state changes to whom, or to which product, usage is attributed.
  private func movesUsage(of subscription: Int32, to state: SubscriptionState, in months: Range<Month>)
    -> Bool
  {
    guard !months.isEmpty else { return false }
    let timeline = subscriptions[Int(subscription)].timeline
    guard let first = timeline.state(in: months.lowerBound) else { return true }
    return first.partner != state.partner || first.product != state.product
  }

  private func contribute(_ subscription: Int32, users: [UInt32], in months: Range<Month>, _ sign: Sign) {
    guard !months.isEmpty else { return }
    contributeAttached(to: subscription, in: months, sign)
    // What was added or lost compares with the month before: the first month after the change differs too.
    let compared = months.lowerBound..<months.upperBound + 1
    contributeSeats(of: subscription, in: compared, sign)
    contributeCustomersAdded(of: subscriptions[Int(subscription)].customer, in: compared, sign)
    contribute(users: users, sign)
  }
}
