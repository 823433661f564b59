extension EntityState {
  /// How many things it keeps something of: customers, subscriptions, billing lines, assignments, instances, persons and
  /// active (user, subscription, workload)s. O(1).
  public var entryCount: Int {
    customers.count + subscriptions.count + lines.count + assignments.count + instances.count + persons.count
      + usage.count
  }
}
