import Contract

extension FactBook {
  /// Evaluates all facts of the indicator; nil for a cell that the catalog does not have. O(facts log facts).
  package func explain(_ query: ExplanationQuery) -> Explanation? {
    guard let viewpoint = viewpoint(query) else { return nil }
    let kinds = query.indicator.map(Fact.kinds) ?? Fact.Kind.allCases
    let refused = refused.values.filter(isOurs).map(named)
    let facts = kinds.flatMap { kind in
      Fact.sorted(judged(kind, from: viewpoint) + refused.filter { $0.kind == kind })
    }
    return Explanation(
      partnerID: circle.partnerID, cell: query.cell, month: query.month, indicator: query.indicator,
      standing: standing(in: query.month), asOf: clock.newest, facts: facts)
  }

  private func viewpoint(_ query: ExplanationQuery) -> Viewpoint? {
    let (product, workload) = (Identity(query.cell.product), Identity(query.cell.workload))
    guard let location = Country(query.cell.country),
      let side = catalog.sides.firstIndex(where: {
        Identity($0.product) == product && Identity($0.workload) == workload
      })
    else { return nil }
    return Viewpoint(
      catalog: catalog, partner: partner, side: SideIndex(side), location: location, month: query.month)
  }

  private func judged(_ kind: Fact.Kind, from viewpoint: Viewpoint) -> [Fact] {
    switch kind {
    case .billingLine: billingLines(from: viewpoint)
    case .customer: customerChanges(from: viewpoint)
    case .seatChange: seatChanges(from: viewpoint)
    case .examPass: examPasses(from: viewpoint)
    case .instance: instances(from: viewpoint)
    case .usage: usage(from: viewpoint)
    case .assignment: assignments(from: viewpoint)
    }
  }

  private func standing(in month: Month) -> Explanation.Standing {
    standing(in: month, current: clock.currentMonth)
  }

  /// The standing of a month when `current` is the current month.
  func standing(in month: Month, current: Month) -> Explanation.Standing {
    guard ComponentWindow.published(current).contains(month) else { return .otherMonth }
    return switch eligibility.state(in: month) ?? .unknown {
    case .eligible: .published
    case .unknown: .unknownPartner
    case .noAccount: .noAccount
    case .excludedCountry: .excludedCountry
    }
  }

  /// Whether the partner was ever the partner of record; otherwise no fact of the subscription concerns it.
  func isOurs(_ subscription: Int32) -> Bool {
    subscriptions[Int(subscription)].timeline.steps.contains { $0.state.partner == partner }
  }

  /// Whether a rejected event would have been a fact of the partner's: from a time when it was the partner of record.
  private func isOurs(_ refused: Fact) -> Bool {
    guard let month = refused.month else { return false }
    if refused.kind == .examPass {
      return persons[Identity(refused.owner)]?.affiliations.state(in: month)?.partner == partner
    }
    let identity = Identity(refused.owner).appending(refused.subscription)
    return subscriptionNumbers[identity].flatMap { state(of: $0, in: month) }?.partner == partner
  }

  /// Whether the person was ever affiliated with the partner.
  func isOurs(_ person: PersonEntry) -> Bool {
    person.affiliations.steps.contains { $0.state.partner == partner }
  }

  /// A fact of a kind about a subscription.
  func fact(_ kind: Fact.Kind, of subscription: Int32, _ name: String = "") -> Fact {
    let entry = subscriptions[Int(subscription)]
    var fact = fact(kind, of: customers[Int(entry.customer)])
    (fact.subscription, fact.name) = (entry.id, name)
    return fact
  }

  /// A fact of a kind about a customer.
  func fact(_ kind: Fact.Kind, of customer: CustomerEntry) -> Fact {
    Fact(kind, of: customer.id, called: customer.name)
  }

  /// The fact with its customer's newest name.
  private func named(_ refused: Fact) -> Fact {
    guard refused.kind.isOfCustomers, let number = customerNumbers[Identity(refused.owner)] else {
      return refused
    }
    var fact = refused
    fact.customerName = customers[Int(number)].name
    return fact
  }

  func state(of subscription: Int32, in month: Month) -> SubscriptionState? {
    subscriptions[Int(subscription)].timeline.state(in: month)
  }

  /// Whether the partner was the partner of record in the month.
  func isOwn(_ subscription: Int32, in month: Month) -> Bool {
    state(of: subscription, in: month)?.partner == partner
  }

  /// The country of a subscription's customer.
  func country(of subscription: Int32, in month: Month) -> Country {
    customers[Int(subscriptions[Int(subscription)].customer)].facts.country(in: month)
  }
}

extension Fact {
  /// Sorts numbers, since facts are large and have many references.
  fileprivate static func sorted(_ facts: [Fact]) -> [Fact] {
    facts.withUnsafeBufferPointer { facts in
      facts.indices.sorted { facts[$0].precedes(facts[$1]) }.map { facts[$0] }
    }
  }

  /// Whether it is listed first among facts of its kind: those that count come first, then by the bytes of the texts.
  fileprivate func precedes(_ other: Fact) -> Bool {
    if (reason == nil) != (other.reason == nil) { return reason == nil }
    // The lines of a subscription are listed by month rather than by id.
    let isByMonth = kind == .billingLine && month != other.month
    return owner.precedes(other.owner) ?? subscription.precedes(other.subscription)
      ?? (isByMonth ? rest < other.rest : nil)
      ?? name.precedes(other.name) ?? workload.precedes(other.workload) ?? (rest < other.rest)
  }

  private var rest: (month: Int32, refusal: String, amount: Int64) {
    (month?.index ?? .min, refusal?.rawValue ?? "", amount ?? 0)
  }
}
