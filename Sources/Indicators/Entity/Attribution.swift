import Contract

/// To whom a subscription counts during a stretch of months.
struct Attribution {
  var state: SubscriptionState
  /// The customer's country.
  var country: Country
}

extension CustomerState {
  /// Calls `body` with each stretch of `months` (from `base` on) in which a subscription counts for somebody, and for whom and
  /// where it does.
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

  /// For whom and where a subscription counts in a month; nil for nobody.
  func attribution(of subscription: Int32, in month: Month) -> Attribution? {
    guard let state = subscriptions[Int(subscription)].timeline.state(in: month), state.counts else {
      return nil
    }
    let customer = subscriptions[Int(subscription)].customer
    return Attribution(state: state, country: self[customer].country(in: month))
  }
}
