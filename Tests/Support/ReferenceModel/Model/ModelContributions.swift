import Contract

/// What each month alone contributes to each partner and cell, whether or not the partner is eligible.
struct ModelContributions {
  let catalog: ModelCatalog
  let facts: ModelFacts
  let current: ModelMonth

  /// C-35 … C, in this order; components of the months alone, without active users.
  private(set) var rows: [PartnerCell: [ComponentValues]] = [:]
  /// The active users (customer and user) of the same months.
  var users: [PartnerCell: [Set<ModelID>]] = [:]

  /// The first instants of C-35 … C+1, which are also the ends of C-36 … C.
  private let edges: [Timestamp]
  /// The states in C-36 … C of each subscription, by customer and subscription.
  let subscriptionStates: [ModelID: [Subscription<String>?]]
  /// The country in C-36 … C of each customer.
  private let countries: [ModelText: [ModelText]]

  var months: ClosedRange<ModelMonth> { current - 35...current }

  init(catalog: ModelCatalog, facts: ModelFacts, current: ModelMonth) {
    let edges = (current - 35...current + 1).map(ModelCalendar.firstInstant)
    self.catalog = catalog
    self.facts = facts
    self.current = current
    self.edges = edges
    subscriptionStates = facts.subscriptions.mapValues { timeline in
      edges.map { timeline.state(before: $0) }
    }
    countries = Dictionary(
      uniqueKeysWithValues: facts.customers.map { id, timeline in
        (id.parts[0], edges.map { ModelText(timeline.state(before: $0)?.country ?? "") })
      })

    countRevenue()
    countCustomers()
    countSeats()
    countCertifiedIndividuals()
    countProductionInstances()
    countActiveUsers()
    countAssignedSeats()
  }

  /// The state of a subscription in a month of C-36 … C.
  func subscription(_ customer: String, _ subscription: String, in month: ModelMonth) -> Subscription<String>?
  {
    subscriptionStates[ModelID(customer, subscription)]?[month - (current - 36)]
  }

  /// All locations, and the customer's country in the month where known.
  func locations(ofCustomer customer: ModelText, in month: ModelMonth) -> Set<ModelText> {
    [ModelText(""), countries[customer]?[month - (current - 36)] ?? ModelText("")]
  }

  /// The end of a month of C-36 … C.
  func end(of month: ModelMonth) -> Timestamp { edges[month - (current - 36)] }

  mutating func add(
    _ amount: Int64, to component: Component, in month: ModelMonth,
    partner: String, sides: Set<ModelSide>, locations: Set<ModelText>
  ) {
    guard !partner.isEmpty else { return }
    for side in sides {
      for country in locations {
        let key = PartnerCell(partner: ModelText(partner), side: side, country: country)
        rows[key, default: Array(repeating: ComponentValues(), count: 36)][month - (current - 35)][
          component] +=
          amount
      }
    }
  }
}
