import Contract

extension EntityState {
  /// Contributes all facts anew, after the base has moved or the facts were read from a checkpoint.
  /// O(facts and what they contribute to).
  func contributeEverything() {
    aggregates.removeContributions()
    aggregates.beginGathering()
    for customer in customers.indices {
      for subscription in customers[customer].subscriptions {
        contributeAttached(to: subscription, in: base..<Month.never, .add)
        contributeSeats(of: subscription, in: base..<Month.never, .add)
      }
      contributeCustomersAdded(of: Int32(customer), in: base..<Month.never, .add)
    }
    contribute(users: usage.users, .add)
    for person in persons.indices { contribute(person: Int32(person), .add) }
    aggregates.endGathering()
  }
}
