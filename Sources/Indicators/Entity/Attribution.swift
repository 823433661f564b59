import Contract

/// To whom a subscription counts during a stretch of months.
struct Attribution {
  var state: SubscriptionState
  /// The customer's country.
  var country: Country
}

extension EntityState {
  /// Calls `body` with each stretch of `months` (from the base on) in which a subscription counts for somebody, and for
  /// whom and where it does.
  func forEachAttribution(
    of subscription: Int32, in months: Range<Month>, _ body: (Range<Month>, Attribution) -> Void
  ) {
    let facts = subscriptions[Int(subscription)]
    facts.timeline.forEachRun(in: months.from(base)) { run, state in
      guard state.counts else { return }
      customers[Int(facts.customer)].forEachLocation(in: run) { stretch, country in
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
    return Attribution(state: state, country: customers[Int(customer)].country(in: month))
  }

  /// Calls `body` with the aggregate of each cell that `sides` and the attribution's country make.
  @inline(__always)
  func forEachCell(_ attribution: Attribution, sides: some Sequence<SideIndex>, _ body: (Int32) -> Void) {
    for side in sides {
      forEachLocation(of: attribution.country) { location in
        body(
          aggregates.number(
            of: AggregateKey(partner: attribution.state.partner, side: side, location: location)))
      }
    }
  }

  /// The same for what carries a workload of its own, which need not be among the subscription's; nothing where the
  /// product does not list it.
  @inline(__always)
  func forEachCell(_ attribution: Attribution, workload: Int16, _ body: (Int32) -> Void) {
    let product = Int(attribution.state.product)
    guard let sides = catalog.workloadSides[product][Int(workload)] else { return }
    forEachCell(attribution, sides: sides, body)
  }

  /// Calls `body` with the location sides of a country: all, and itself where known.
  @inline(__always)
  func forEachLocation(of country: Country, _ body: (Country) -> Void) {
    body(.unknown)
    if country != .unknown { body(country) }
  }

  /// Raises a level of an aggregate by `delta` during `months`.
  func addLevel(_ delta: Int64, to component: Component, during months: Range<Month>, of aggregate: Int32) {
    aggregates.add(delta, to: component, in: months.lowerBound, of: aggregate)
    if months.upperBound != .never {
      aggregates.add(0 &- delta, to: component, in: months.upperBound, of: aggregate)
    }
  }
}
