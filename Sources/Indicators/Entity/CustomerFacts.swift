import Contract

/// Where a customer is over time, and its subscriptions.
struct CustomerFacts {
  var locations = Timeline<Country>()
  /// Numbers in `EntityState.subscriptions`.
  var subscriptions: [Int32] = []

  mutating func forget(before month: Month) { locations.forget(before: month) }

  func country(in month: Month) -> Country { locations.state(in: month) ?? .unknown }

  /// Calls `body` with each stretch of `months` in which the customer is in one country, known or not.
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

    let customer = customerNumber(Identity(event.customerID.bytes))
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    let months = customers[Int(customer)].locations.effect(of: country, at: order).from(base)
    let users = months.isEmpty ? [] : users(of: customers[Int(customer)].subscriptions, activeIn: months)
    contribute(customer: customer, users: users, in: months, .withdraw)
    customers[Int(customer)].locations.insert(country, at: order)
    contribute(customer: customer, users: users, in: months, .add)
  }

  /// The number of a customer, who is made known if not yet.
  func customerNumber(_ identity: Identity) -> Int32 {
    let (number, isNew) = customerNumbers.take(identity)
    if isNew { customers.append(CustomerFacts()) }
    return number
  }

  private func contribute(customer: Int32, users: [UInt32], in months: Range<Month>, _ sign: Sign) {
    guard !months.isEmpty else { return }
    for subscription in customers[Int(customer)].subscriptions {
      contributeAttached(to: subscription, in: months, sign)
      contributeSeats(of: subscription, in: months, sign)
    }
    contributeCustomersAdded(of: customer, in: months, sign)
    contribute(users: users, sign)
  }
}
