import Contract

// The facts of amounts, summed over twelve months: revenue, seats, customers.
extension FactBook {
  /// Indicator 1.
  func billingLines(from viewpoint: Viewpoint) -> [Fact] {
    lines.values.filter { isOurs($0.subscription) }.map { entry in
      let month = Month(containing: entry.billedAt)
      var fact = fact(.billingLine, of: entry.subscription, entry.line.lineID)
      (fact.month, fact.amount) = (month, entry.line.amountMicros)
      fact.isOwn = isOwn(entry.subscription, in: month)
      fact.reason = whyNot(entry, in: month, from: viewpoint)
      if fact.reason == nil {
        let isCredit = entry.line.amountMicros < 0
        fact.shares = [
          Fact.Share(
            component: isCredit ? .creditedMicros : .billedMicros,
            amount: isCredit ? 0 &- entry.line.amountMicros : entry.line.amountMicros)
        ]
      }
      return fact
    }
  }

  private func whyNot(_ entry: LineEntry, in month: Month, from viewpoint: Viewpoint) -> Reason? {
    let state = state(of: entry.subscription, in: month)
    if let reason = viewpoint.whyNot(ownedBy: state?.partner) { return reason }
    guard let state else { return .notYetKnown }
    return viewpoint.whyNot(inMonth: month)
      ?? entry.line.whyNotNew(billedAt: entry.billedAt)
      ?? (entry.line.amountMicros == 0 ? .zeroAmount : nil)
      ?? viewpoint.whyNot(sidesOf: state, sideSets)
      ?? viewpoint.whyNot(at: country(of: entry.subscription, in: month))
      ?? (state.isPaid ? nil : .notPaid)
  }

  /// Indicator 3.
  func seatChanges(from viewpoint: Viewpoint) -> [Fact] {
    var facts: [Fact] = []
    for number in subscriptions.indices.map(Int32.init) where isOurs(number) {
      subscriptions[Int(number)].timeline.forEachSeatChange { step, change in
        var fact = fact(.seatChange, of: number)
        (fact.month, fact.amount) = (step.month, change)
        fact.isOwn = step.state.partner == partner
        fact.reason =
          viewpoint.whyNot(ownedBy: step.state.partner)
          ?? viewpoint.whyNot(inMonth: step.month)
          ?? (change == 0 ? whyNoSeats(step.state) : nil)
          ?? viewpoint.whyNot(sidesOf: step.state, sideSets)
          ?? viewpoint.whyNot(at: country(of: number, in: step.month))
        if fact.reason == nil {
          let component = change > 0 ? Component.seatsAdded : .seatsLost
          fact.shares = [Fact.Share(component: component, amount: change > 0 ? change : 0 &- change)]
        }
        facts.append(fact)
      }
    }
    return facts
  }

  private func whyNoSeats(_ state: SubscriptionState) -> Reason {
    if state.seats > 0, !state.isPaid { return .notPaid }
    return state.seats > 0 && !state.isLive ? .notLive : .noSeatChange
  }

  /// Indicator 2: for each customer, the months in which it gained its first paid seats on the product side or lost its last; if
  /// there are none, one fact that says why.
  func customerChanges(from viewpoint: Viewpoint) -> [Fact] {
    customers.indices.filter { customers[$0].facts.subscriptions.contains(where: isOurs) }.flatMap {
      customer in
      let changes = viewpoint.window.compactMap { customerChange(of: customer, in: $0, from: viewpoint) }
      if !changes.isEmpty { return changes }
      var fact = self.fact(.customer, of: customers[customer])
      // What is due to other partners' subscriptions only is not for this one to see.
      fact.isOwn = customers[customer].facts.subscriptions.contains { subscription in
        viewpoint.window.contains { isOwn(subscription, in: $0) }
      }
      let isCustomer = payers(of: customer, in: viewpoint.month, on: viewpoint.side) != nil
      fact.reason = isCustomer ? .customerBefore : .neverCustomer
      return [fact]
    }
  }

  private func customerChange(of customer: Int, in month: Month, from viewpoint: Viewpoint) -> Fact? {
    let before = payers(of: customer, in: month - 1, on: viewpoint.side)
    let now = payers(of: customer, in: month, on: viewpoint.side)
    guard let payers = before == nil ? now : now == nil ? before : nil else { return nil }
    var fact = self.fact(.customer, of: customers[customer])
    (fact.month, fact.amount) = (month, now == nil ? -1 : 1)
    fact.isOwn = payers.contains(partner)
    fact.reason =
      fact.isOwn
      ? viewpoint.whyNot(at: customers[customer].facts.country(in: month))
      : payers == [PartnerRegistry.none] ? .noPartner : .otherPartner
    if fact.reason == nil {
      fact.shares = [Fact.Share(component: now == nil ? .customersLost : .customersAdded, amount: 1)]
    }
    return fact
  }

  /// The partners of record of the subscriptions that give a customer paid seats; nil if none does.
  private func payers(of customer: Int, in month: Month, on side: SideIndex) -> Set<Int32>? {
    let states = customers[customer].facts.subscriptions.compactMap { state(of: $0, in: month) }
    return sideSets.paid(by: states)[side]
  }
}
