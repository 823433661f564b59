import Contract

/// Whom a subscription counts for during a range of months.
struct Attribution {
  var state: SubscriptionState
  /// The customer's country.
  var country: Country
}

extension CustomerState {
  /// Calls `body` with each range of `months` (from `base` on) in which a subscription counts for somebody, and with whom
  /// and where.
  func forEachAttribution(
    of subscription: Int32, in months: Range<Month>, from base: Month,
    _ body: (Range<Month>, Attribution) -> Void
  ) {
    let facts = subscriptions[Int(subscription)]
    facts.timeline.forEachRun(in: months.from(base)) { run, state in
      guard state.counts else { return }
      self[facts.customer].forEachLocation(in: run) { stretch, country in
        body(stretch, Attribution(state: state, country: country))
      }
    }
  }

  /// Whom a subscription counts for in a month, and where; nil for nobody.
  func attribution(of subscription: Int32, in month: Month) -> Attribution? {
    guard let state = subscriptions[Int(subscription)].timeline.state(in: month), state.counts else {
      return nil
    }
    let customer = subscriptions[Int(subscription)].customer
    return Attribution(state: state, country: self[customer].country(in: month))
  }
}
