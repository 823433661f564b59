import Contract

extension EntityState {
  /// Contributes the additions and losses of a customer in each of `months`, or takes that back (SEMANTICS, indicator 2).
  ///
  /// Its paid seats change only in months in which one of its subscriptions has a step.
  /// O(such months x the customer's subscriptions).
  func contributeCustomersAdded(of customer: Int32, in months: Range<Month>, _ sign: Sign) {
    let facts = customers[Int(customer)]
    let range = months.from(base)
    var stepMonths: Set<Month> = []
    for subscription in facts.subscriptions {
      for step in subscriptions[Int(subscription)].timeline.steps where range.contains(step.month) {
        stepMonths.insert(step.month)
      }
    }
    for month in stepMonths.sorted() {
      let before = sideSets.paid(by: states(of: facts.subscriptions, in: month - 1))
      let now = sideSets.paid(by: states(of: facts.subscriptions, in: month))
      let country = facts.country(in: month)
      contribute(now, unlessIn: before, to: .customersAdded, in: month, at: country, sign)
      contribute(before, unlessIn: now, to: .customersLost, in: month, at: country, sign)
    }
  }

  private func states(of subscriptionNumbers: [Int32], in month: Month) -> [SubscriptionState] {
    subscriptionNumbers.compactMap { subscriptions[Int($0)].timeline.state(in: month) }
  }

  private func contribute(
    _ sides: [SideIndex: Set<Int32>], unlessIn others: [SideIndex: Set<Int32>], to component: Component,
    in month: Month, at country: Country, _ sign: Sign
  ) {
    // In order: the order in which aggregates come to be is the order of what is written.
    for side in sides.keys.sorted() where others[side] == nil {
      for partner in sides[side, default: []].sorted() where partner != PartnerRegistry.none {
        forEachLocation(of: country) { location in
          let number = aggregates.number(
            of: AggregateKey(partner: partner, side: side, location: location))
          aggregates.add(sign * 1, to: component, in: month, of: number)
        }
      }
    }
  }
}

extension SideSets {
  /// The product sides in which a customer with subscriptions in these states has paid seats, each with the partners of
  /// record of those that have them.
  func paid(by states: [SubscriptionState]) -> [SideIndex: Set<Int32>] {
    var sides: [SideIndex: Set<Int32>] = [:]
    for state in states where state.paidSeats > 0 && state.product != SubscriptionState.unlisted {
      for side in self[state.sides] { sides[side, default: []].insert(state.partner) }
    }
    return sides
  }
}
