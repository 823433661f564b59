import Contract

extension CustomerState {
  /// Adds or withdraws the customers added and lost because of a customer in each of `months` (SEMANTICS, indicator 2).
  ///
  /// Its paid seats change only in months in which one of its subscriptions has a step. O(such months x the customer's
  /// subscriptions).
  func contributeCustomersAdded(
    of customer: Int32, in months: Range<Month>, _ change: ContributionChange,
    to contributions: inout Contributions
  ) {
    let facts = self[customer]
    let range = months.from(contributions.base)
    var stepMonths: Set<Month> = []
    for subscription in facts.subscriptions {
      for step in subscriptions[Int(subscription)].timeline.steps where range.contains(step.month) {
        stepMonths.insert(step.month)
      }
    }
    for month in stepMonths.sorted() {
      let before = contributions.sideSets.paid(by: states(of: facts.subscriptions, in: month - 1))
      let now = contributions.sideSets.paid(by: states(of: facts.subscriptions, in: month))
      let country = facts.country(in: month)
      contributions.add(change, now, unlessIn: before, to: .customersAdded, in: month, at: country)
      contributions.add(change, before, unlessIn: now, to: .customersLost, in: month, at: country)
    }
  }

  private func states(of subscriptionNumbers: [Int32], in month: Month) -> [SubscriptionState] {
    subscriptionNumbers.compactMap { subscriptions[Int($0)].timeline.state(in: month) }
  }
}

extension Contributions {
  fileprivate mutating func add(
    _ change: ContributionChange, _ sides: [SideIndex: Set<Int32>],
    unlessIn others: [SideIndex: Set<Int32>], to component: Component, in month: Month, at country: Country
  ) {
    // Sorted, since aggregates are written in the order in which they are created.
    for side in sides.keys.sorted() where others[side] == nil {
      for partner in sides[side, default: []].sorted() where partner != PartnerRegistry.none {
        forEachCell(of: partner, side, country) { $0.add(change * 1, to: component, in: month, of: $1) }
      }
    }
  }
}

extension ProductSideSets {
  /// The product sides in which a customer with subscriptions in these states has paid seats, each with the partners of
  /// record of those subscriptions.
  func paid(by states: [SubscriptionState]) -> [SideIndex: Set<Int32>] {
    var sides: [SideIndex: Set<Int32>] = [:]
    for state in states where state.paidSeats > 0 && state.product != SubscriptionState.unlisted {
      for side in self[state.sides] { sides[side, default: []].insert(state.partner) }
    }
    return sides
  }
}
