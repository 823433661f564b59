import Contract

/// The user and the place of an action: a user of a customer, in a workload of a subscription of that customer.
struct UsageIdentity {
  /// The user within the customer.
  let user: Identity
  /// The workload within the subscription.
  let place: Identity

  @inline(__always)
  init(user: Identity, place: Identity) {
    self.user = user
    self.place = place
  }

  @inline(__always)
  init(_ event: UsageActionView) {
    user = Identity(event.customerID.bytes).appending(event.userID.bytes)
    // With a seed of its own, so that equal texts on both sides do not cancel out in `both`.
    place = Identity(event.subscriptionID.bytes, seed: 0x9E37_79B9_7F4A_7C15).appending(event.workload.bytes)
  }

  /// Combines the two: as good a hash as each, and either of them can be computed from it and the other.
  @inline(__always)
  var both: Identity { user ^ place }
}

extension Identity {
  @inline(__always)
  static func ^ (left: Identity, right: Identity) -> Identity {
    Identity(low: left.low ^ right.low, high: left.high ^ right.high)
  }
}
