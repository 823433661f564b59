import Contract

extension EntityState {
  /// Contributes the paid seats that a subscription added or lost in each of `months`, or takes that back
  /// (SEMANTICS, indicator 3). Seats change only in months with a step. O(steps).
  func contributeSeats(of subscription: Int32, in months: Range<Month>, _ sign: Sign) {
    let facts = subscriptions[Int(subscription)]
    let range = months.from(base)
    facts.timeline.forEachSeatChange { step, change in
      guard range.contains(step.month), change != 0, step.state.counts else { return }
      let country = customers[Int(facts.customer)].country(in: step.month)
      forEachCell(
        Attribution(state: step.state, country: country), sides: sideSets[step.state.sides]
      ) {
        if change > 0 {
          aggregates.add(sign * change, to: .seatsAdded, in: step.month, of: $0)
        } else {
          aggregates.add(sign * -change, to: .seatsLost, in: step.month, of: $0)
        }
      }
    }
  }
}

extension Timeline<SubscriptionState> {
  /// Calls `body` with each step and by how much it changes the paid seats.
  func forEachSeatChange(_ body: (Step, Int64) -> Void) {
    var before: Int64 = 0
    for step in steps {
      body(step, step.state.paidSeats - before)
      before = step.state.paidSeats
    }
  }
}
