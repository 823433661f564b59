import Contract

/// What is known of customers: their locations, their subscriptions, and what is attached to those. Everything is numbered
/// in the order of arrival.
struct CustomerState: ~Copyable {
  private var customers: [CustomerFacts] = []
  private var customerNumbers = IdentityNumbers()
  private(set) var subscriptions: [SubscriptionFacts] = []
  private var subscriptionNumbers = IdentityNumbers()
  private(set) var lines = FactTable<BillingLineFact>()
  /// Whether a license of a subscription is assigned to a user, over time.
  private(set) var assignments = TimelineTable<Bool>()
  private(set) var instances = TimelineTable<InstanceState>()

  init() {}

  var count: Int { customers.count }

  var numbers: Range<Int32> { 0..<Int32(customers.count) }

  subscript(customer: Int32) -> CustomerFacts {
    _read { yield customers[Int(customer)] }
  }

  func identity(of customer: Int32) -> Identity { customerNumbers.identity(of: customer) }

  func identity(ofSubscription subscription: Int32) -> Identity {
    subscriptionNumbers.identity(of: subscription)
  }

  func number(ofKnown customer: Identity) -> Int32? { customerNumbers.number(of: customer) }

  func number(ofKnownSubscription subscription: Identity) -> Int32? {
    subscriptionNumbers.number(of: subscription)
  }

  // MARK: Changes

  /// The number of a customer, who is added if new.
  mutating func number(of identity: Identity) -> Int32 {
    let (number, isNew) = customerNumbers.take(identity)
    if isNew { customers.append(CustomerFacts()) }
    return number
  }

  /// The number of a subscription, which is added if new.
  mutating func number(ofSubscription id: BorrowedText, of customerID: BorrowedText) -> Int32 {
    let customerIdentity = Identity(customerID.bytes)
    let identity = customerIdentity.appending(id.bytes)
    let (number, isNew) = subscriptionNumbers.take(identity)
    guard isNew else { return number }
    add(SubscriptionFacts(customer: self.number(of: customerIdentity)))
    return number
  }

  /// Adds the subscription of an identity; returns false if there is one already.
  mutating func add(_ subscription: SubscriptionFacts, of identity: Identity) -> Bool {
    guard subscriptionNumbers.take(identity).isNew else { return false }
    add(subscription)
    return true
  }

  private mutating func add(_ subscription: SubscriptionFacts) {
    customers[Int(subscription.customer)].subscriptions.append(Int32(subscriptions.count))
    subscriptions.append(subscription)
  }

  mutating func insert(_ country: Country, at order: StepOrder, of customer: Int32) {
    customers[Int(customer)].locations.insert(country, at: order)
  }

  mutating func setLocations(_ locations: Timeline<Country>, of customer: Int32) {
    customers[Int(customer)].locations = locations
  }

  mutating func insert(_ state: SubscriptionState, at order: StepOrder, of subscription: Int32) {
    subscriptions[Int(subscription)].timeline.insert(state, at: order)
  }

  mutating func addPlace(_ place: UInt32, of subscription: Int32) {
    subscriptions[Int(subscription)].places.append(place)
  }

  /// Adds a billing line, or replaces the one of this number.
  mutating func set(_ line: BillingLineFact, replacing known: Int32?, of identity: Identity) {
    if let known { lines[known] = line } else { lines.append(line, of: identity) }
  }

  /// Adds a step; calls `body` with the months whose state changes, if any, and the former state.
  mutating func insert(
    isAssigned: Bool, at order: StepOrder, of identity: Identity, subscription: Int32,
    _ body: (Range<Month>, Bool?) -> Void
  ) {
    assignments.insert(isAssigned, at: order, of: identity, subscription: subscription, body)
  }

  /// The same for an instance.
  mutating func insert(
    _ instance: InstanceState, at order: StepOrder, of identity: Identity, subscription: Int32,
    _ body: (Range<Month>, InstanceState?) -> Void
  ) {
    instances.insert(instance, at: order, of: identity, subscription: subscription, body)
  }

  /// Adds a whole timeline; returns false if it has no step or there is one of this identity already.
  mutating func append(_ assignment: Timeline<Bool>, of identity: Identity, subscription: Int32) -> Bool {
    assignments.append(assignment, of: identity, subscription: subscription)
  }

  mutating func append(
    _ instance: Timeline<InstanceState>, of identity: Identity, subscription: Int32
  ) -> Bool {
    instances.append(instance, of: identity, subscription: subscription)
  }

  mutating func attach(
    _ delta: Int64, to amount: AttachedSeries.Amount, in month: Month, of subscription: Int32
  ) {
    subscriptions[Int(subscription)].attached.add(delta, to: amount, in: month)
  }

  mutating func attachAssigned(_ delta: Int64, during months: Range<Month>, of subscription: Int32) {
    subscriptions[Int(subscription)].attached.addAssigned(delta, during: months)
  }

  mutating func attachInstances(
    _ delta: Int64, in workload: Int16, during months: Range<Month>, of subscription: Int32
  ) {
    subscriptions[Int(subscription)].addInstances(delta, in: workload, during: months)
  }

  /// Drops the steps that no month from `month` on depends on.
  mutating func forget(before month: Month) {
    for number in customers.indices { customers[number].forget(before: month) }
    for number in subscriptions.indices { subscriptions[number].forget(before: month) }
  }

  // MARK: Contributions

  /// Adds all contributions of a customer's subscriptions. O(facts and what they contribute to).
  func contributeEverything(of customer: Int32, to contributions: inout Contributions) {
    contribute(customer, in: contributions.base..<Month.never, .add, to: &contributions)
  }

  /// Adds or withdraws the contributions of a customer's subscriptions in `months`.
  func contribute(
    _ customer: Int32, in months: Range<Month>, _ change: ContributionChange,
    to contributions: inout Contributions
  ) {
    for subscription in self[customer].subscriptions {
      contributeAttached(to: subscription, in: months, change, to: &contributions)
      contributeSeats(of: subscription, in: months, change, to: &contributions)
    }
    contributeCustomersAdded(of: customer, in: months, change, to: &contributions)
  }

  // MARK: Sizes

  /// The number of entries.
  var entryCount: Int {
    customers.count + subscriptions.count + lines.count + assignments.count + instances.count
  }

  /// Approximate bytes of memory by kind. O(1).
  var stateBytes: [(kind: String, bytes: Int)] {
    [
      ("lines", lines.byteCount),
      ("assignments", assignments.byteCount),
      ("instances", instances.byteCount),
      (
        "subscriptions",
        subscriptionNumbers.byteCount + subscriptions.heldBytes + subscriptions.sampledSum(\.byteCount)
      ),
      ("customers", customerNumbers.byteCount + customers.heldBytes + customers.sampledSum(\.byteCount)),
    ]
  }
}

extension SubscriptionFacts {
  fileprivate var byteCount: Int {
    timeline.byteCount + attached.byteCount + instances.heldBytes
      + instances.reduce(0) { $0 + $1.series.byteCount } + places.heldBytes
  }
}

extension CustomerFacts {
  fileprivate var byteCount: Int { locations.byteCount + subscriptions.heldBytes }
}
