import Contract
import Indicators

/// Generates the events of a made-up market: the same ones for the same plan and catalog, on every machine.
package struct Generator {
  /// The order of the events.
  package enum Order: Sendable {
    /// First customers, people and sales, then the usage actions in the order of time.
    case entitiesFirst
    /// All by when they are reported: some are late.
    case interleaved
  }

  package let plan: MarketPlan
  package let catalog: Catalog

  package init(plan: MarketPlan, catalog: Catalog) {
    self.plan = plan
    self.catalog = catalog
  }

  /// Passes every event to `take`; returns the market as it is at the end. Memory grows with customers, users and months,
  /// not with actions.
  @discardableResult
  package func generate(_ order: Order, _ take: (GeneratedEvent) throws -> Void) rethrows -> Market {
    var builder = MarketBuilder(plan, catalog)
    var known = EventStore()
    switch order {
    case .entitiesFirst:
      try builder.build { events in
        try events.forEach(take)
        events.removeAll()
      }
    case .interleaved:
      builder.build { _ in }
      known = builder.events
      known.sort()
    }
    var actions = ActionStream(plan, builder.market, catalog)
    var next = 0
    while actions.next() {
      while next < known.count, known.due(of: next) <= actions.due {
        try known.withEvent(next, take)
        next += 1
      }
      try actions.withEvent(take)
    }
    while next < known.count {
      try known.withEvent(next, take)
      next += 1
    }
    return builder.market
  }
}
