extension EntityState {
  /// How many things it keeps something of: customers, subscriptions, billing lines, assignments, instances, persons and
  /// active (user, subscription, workload)s. O(1).
  public var entryCount: Int {
    customers.count + subscriptions.count + lines.count + assignments.count + instances.count + persons.count
      + usage.count
  }

  /// About how many bytes of memory it takes, by kind. O(1): what differs in size is sampled.
  package var stateBytes: [(kind: String, bytes: Int)] {
    [
      ("usage", usage.byteCount + usageCells.byteCount),
      ("lines", lines.byteCount),
      ("assignments", assignments.byteCount),
      ("instances", instances.byteCount),
      (
        "subscriptions",
        subscriptionNumbers.byteCount + subscriptions.heldBytes + subscriptions.sampledSum(\.byteCount)
      ),
      ("customers", customerNumbers.byteCount + customers.heldBytes + customers.sampledSum(\.byteCount)),
      ("persons", personNumbers.byteCount + persons.heldBytes + persons.sampledSum(\.byteCount)),
      ("partners", partners.byteCount),
      ("contributions", aggregates.byteCount),
    ]
  }
}

extension SubscriptionFacts {
  fileprivate var byteCount: Int {
    timeline.byteCount + attached.byteCount + instances.heldBytes
      + instances.reduce(0) { $0 + $1.series.byteCount } + places.heldBytes
  }
}

extension CustomerFacts {
  fileprivate var byteCount: Int { locations.byteCount + subscriptions.heldBytes }
}

extension PersonFacts {
  fileprivate var byteCount: Int { affiliations.byteCount + passes.heldBytes }
}
