import Contract

// Events that are keyed by customer. Steps and revisions are ordered as in `EntityState`.
extension FactBook {
  mutating func apply(_ event: SubscriptionView, _ limits: EventTimeLimits) throws {
    let time = try event.check(limits)
    advanceClock(to: time)
    guard let number = subscriptionNumber(event.subscriptionID, of: event.customerID) else { return }
    let state = SubscriptionState(event, catalog, &partners, &sideSets)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    let old = subscriptions[Int(number)].timeline
    subscriptions[Int(number)].timeline.insert(state, at: order)
    guard subscriptions[Int(number)].timeline != old else { return }
    arrivals.note(.subscription(of: event.customerID, event.subscriptionID))
    arrivals.note(.subscriptions(of: event.customerID))
  }

  mutating func apply(_ event: CustomerView, _ limits: EventTimeLimits) throws {
    let (time, country) = try event.check(limits)
    advanceClock(to: time)
    guard let number = customerNumber(event.customerID) else { return }
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    customers[Int(number)].take(event.name, at: order)
    let old = customers[Int(number)].facts.locations
    customers[Int(number)].facts.locations.insert(country, at: order)
    if customers[Int(number)].facts.locations != old { arrivals.note(.location(of: event.customerID)) }
  }

  mutating func apply(_ event: BillingLineView, _ limits: EventTimeLimits) throws {
    let time = try event.check(limits, catalog)
    advanceClock(to: time)
    guard let number = subscriptionNumber(event.subscriptionID, of: event.customerID) else { return }
    let identity = Identity(event.customerID).appending(event.lineID.bytes)
    if let old = lines[identity], old.line.revision > event.revision { return }
    var line = BillingLine<String>()
    (line.customerID, line.subscriptionID) = (event.customerID.string, event.subscriptionID.string)
    (line.lineID, line.revision) = (event.lineID.string, event.revision)
    (line.licenseProgram, line.amountMicros) = (event.licenseProgram, event.amountMicros)
    (line.contractStart, line.offCloud, line.voided) = (event.contractStart, event.offCloud, event.voided)
    let entry = LineEntry(subscription: number, line: line, billedAt: time)
    if lines[identity] != entry { arrivals.note(.line(of: event.customerID, event.lineID)) }
    lines[identity] = entry
  }

  mutating func apply(_ event: LicenseAssignmentView, _ limits: EventTimeLimits) throws {
    let time = try event.check(limits)
    advanceClock(to: time)
    guard let number = subscriptionNumber(event.subscriptionID, of: event.customerID) else { return }
    let identity = Identity(event.customerID)
      .appending(event.subscriptionID.bytes).appending(event.userID.bytes)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    let old = assignments[identity]?.timeline
    assignments[
      identity, default: AssignmentEntry(subscription: number, user: event.userID.string)
    ].timeline.insert(event.assigned, at: order)
    guard assignments[identity]?.timeline != old else { return }
    arrivals.note(.assignment(of: event.customerID, event.subscriptionID, event.userID))
  }

  mutating func apply(_ event: InstanceView, _ limits: EventTimeLimits) throws {
    let time = try event.check(limits)
    advanceClock(to: time)
    guard let number = subscriptionNumber(event.subscriptionID, of: event.customerID) else { return }
    let identity = Identity(event.customerID)
      .appending(event.subscriptionID.bytes).appending(event.instanceID.bytes)
    let step = InstanceStep(
      state: InstanceState(event, catalog), workload: ExactText(event.workload.string),
      deployed: event.deployed)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    let old = instances[identity]?.timeline
    instances[identity, default: InstanceEntry(subscription: number, id: event.instanceID.string)]
      .timeline.insert(step, at: order)
    guard instances[identity]?.timeline != old else { return }
    arrivals.note(.instance(of: event.customerID, event.subscriptionID, event.instanceID))
  }

  mutating func apply(_ event: UsageActionView, _ limits: EventTimeLimits) throws {
    let time = try event.check(limits)
    advanceClock(to: time)
    let month = Month(containing: time)
    guard month >= clock.oldestMonth,
      let number = subscriptionNumber(event.subscriptionID, of: event.customerID)
    else { return }
    let entry = UsageEntry(
      subscription: number, user: event.userID.string, workload: event.workload.string)
    let said = usage[UsageIdentity(event).both, default: entry].add(month, isIntentional: event.intentional)
    guard said != .less else { return }
    let subject = Subject.usage(
      of: event.customerID, event.subscriptionID, event.userID, event.workload, in: month)
    // Records may be read in any order; of the actions that say all of it, the one that arrived first counts.
    arrivals.noteFirst(subject, isAnother: said == .more)
  }

  /// The number of a subscription, which is added if new; nil if its customer is not in the circle.
  private mutating func subscriptionNumber(_ id: BorrowedText, of customerID: BorrowedText) -> Int32? {
    guard let customer = customerNumber(customerID) else { return nil }
    let identity = Identity(customerID).appending(id.bytes)
    if let number = subscriptionNumbers[identity] { return number }
    let number = Int32(subscriptions.count)
    subscriptions.append(SubscriptionEntry(customer: customer, id: id.string))
    customers[Int(customer)].facts.subscriptions.append(number)
    subscriptionNumbers[identity] = number
    return number
  }

  private mutating func customerNumber(_ id: BorrowedText) -> Int32? {
    let identity = Identity(id)
    if let number = customerNumbers[identity] { return number }
    guard circle.holds(customer: identity) else { return nil }
    let number = Int32(customers.count)
    customers.append(CustomerEntry(id: id.string))
    customerNumbers[identity] = number
    return number
  }
}

extension FactBook.CustomerEntry {
  /// If two names have the same order, the later record's wins, as on timelines.
  fileprivate mutating func take(_ text: BorrowedText, at order: StepOrder) {
    guard !text.isEmpty else { return }
    if let namedAt, order < namedAt { return }
    (name, namedAt) = (text.string, order)
  }
}

extension FactBook.UsageEntry {
  /// How much an action says, compared with what is known of its month.
  enum Said {
    case less
    case same
    case more
  }

  mutating func add(_ month: Month, isIntentional: Bool) -> Said {
    let index = months.firstIndex { $0.month >= month } ?? months.count
    guard index < months.count, months[index].month == month else {
      months.insert((month, isIntentional), at: index)
      return .more
    }
    if months[index].isIntentional == isIntentional { return .same }
    guard isIntentional else { return .less }
    months[index].isIntentional = true
    return .more
  }
}

extension FactBook.LineEntry: Equatable {
  static func == (left: Self, right: Self) -> Bool {
    left.subscription == right.subscription && left.billedAt == right.billedAt
      && left.line.protobuf == right.line.protobuf
  }
}
