import Contract

/// A customer's location over time, and its subscriptions.
struct CustomerFacts {
  var locations = Timeline<Country>()
  /// Numbers in `CustomerState.subscriptions`.
  var subscriptions: [Int32] = []

  mutating func forget(before month: Month) { locations.forget(before: month) }

  func country(in month: Month) -> Country { locations.state(in: month) ?? .unknown }

  /// Calls `body` with each range of `months` in which the customer is in one country, known or not.
  func forEachLocation(in months: Range<Month>, _ body: (Range<Month>, Country) -> Void) {
    let first = locations.steps.first?.month ?? .never
    let before = (months.lowerBound..<max(first, months.lowerBound)).clamped(to: months)
    if !before.isEmpty { body(before, .unknown) }
    locations.forEachRun(in: months, body)
  }
}

extension EntityState {
  func apply(_ event: CustomerView, _ limits: EventTimeLimits) throws(Refusal) {
    let (time, country) = try event.check(limits)
    advanceClock(to: time)

    let customer = customers.number(of: Identity(event.customerID.bytes))
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    let months = customers[customer].locations.effect(of: country, at: order).from(contributions.base)
    let users =
      months.isEmpty
      ? []
      : usage.users(of: customers[customer].subscriptions, activeIn: months, customers, contributions.base)
    contribute(customer, users: users, in: months, .withdraw)
    customers.insert(country, at: order, of: customer)
    contribute(customer, users: users, in: months, .add)
  }

  private func contribute(
    _ customer: Int32, users: [UInt32], in months: Range<Month>, _ change: ContributionChange
  ) {
    guard !months.isEmpty else { return }
    customers.contribute(customer, in: months, change, to: &contributions)
    usage.contribute(users, change, customers, to: &contributions)
  }
}
