import Contract

extension CustomerState {
  /// Adds or withdraws the paid seats that a subscription has added or lost in each of `months` (SEMANTICS, indicator 3).
  /// Seats change only in months with a step. O(steps).
  func contributeSeats(
    of subscription: Int32, in months: Range<Month>, _ change: ContributionChange,
    to contributions: inout Contributions
  ) {
    let facts = subscriptions[Int(subscription)]
    let range = months.from(contributions.base)
    facts.timeline.forEachSeatChange { step, seats in
      guard range.contains(step.month), seats != 0, step.state.counts else { return }
      let country = self[facts.customer].country(in: step.month)
      contributions.forEachCell(
        Attribution(state: step.state, country: country), sides: contributions.sideSets[step.state.sides]
      ) {
        if seats > 0 {
          $0.add(change * seats, to: .seatsAdded, in: step.month, of: $1)
        } else {
          $0.add(change * -seats, to: .seatsLost, in: step.month, of: $1)
        }
      }
    }
  }
}

extension Timeline<SubscriptionState> {
  /// Calls `body` with each step and its change of the paid seats.
  func forEachSeatChange(_ body: (Step, Int64) -> Void) {
    var before: Int64 = 0
    for step in steps {
      body(step, step.state.paidSeats - before)
      before = step.state.paidSeats
    }
  }
}
