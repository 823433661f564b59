import Contract

/// What each month alone contributes to each partner and cell, whether or not the partner is eligible.
struct ModelContributions {
  let catalog: ModelCatalog
  let facts: ModelFacts
  let current: ModelMonth

  /// C-35 … C, in this order; components of the months alone, without active users.
  private(set) var rows: [PartnerCell: [ComponentValues]] = [:]
  /// The active users (customer and user) of the same months.
  private(set) var users: [PartnerCell: [Set<ModelID>]] = [:]

  /// The first instants of C-35 … C+1, which are also the ends of C-36 … C.
  private let edges: [Timestamp]
  /// The states in C-36 … C of each subscription, by customer and subscription.
  private let subscriptionStates: [ModelID: [Subscription<String>?]]
  /// The country in C-36 … C of each customer.
  private let countries: [ExactText: [ExactText]]

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
        (id.parts[0], edges.map { ExactText(timeline.state(before: $0)?.country ?? "") })
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
  func locations(ofCustomer customer: ExactText, in month: ModelMonth) -> Set<ExactText> {
    [ExactText(""), countries[customer]?[month - (current - 36)] ?? ExactText("")]
  }

  /// The end of a month of C-36 … C.
  func end(of month: ModelMonth) -> Timestamp { edges[month - (current - 36)] }

  mutating func add(
    _ amount: Int64, to component: Component, in month: ModelMonth,
    partner: String, sides: Set<ModelSide>, locations: Set<ExactText>
  ) {
    guard !partner.isEmpty else { return }
    for side in sides {
      for country in locations {
        let key = PartnerCell(partner: ExactText(partner), side: side, country: country)
        rows[key, default: Array(repeating: ComponentValues(), count: 36)][month - (current - 35)][
          component] +=
          amount
      }
    }
  }
}

// MARK: - The seven indicators, in the order of SEMANTICS.md

extension ModelContributions {
  /// 1. Net new revenue.
  private mutating func countRevenue() {
    for line in facts.lines.values {
      guard let billedAt = line.billedAt, !line.voided, !line.offCloud else { continue }
      let month = ModelCalendar.month(of: billedAt)
      guard months.contains(month),
        let state = subscription(line.customerID, line.subscriptionID, in: month), state.kind == .paid
      else { continue }
      if line.licenseProgram == .enterpriseAgreement {
        guard let start = line.contractStart, start <= billedAt,
          billedAt < ModelCalendar.twelveMonths(after: start)
        else { continue }
      }
      add(
        abs(line.amountMicros), to: line.amountMicros > 0 ? .billedMicros : .creditedMicros, in: month,
        partner: state.dporPartnerID, sides: catalog.sides(of: state),
        locations: locations(ofCustomer: ExactText(line.customerID), in: month))
    }
  }

  /// 2. Customers added, and lost.
  private mutating func countCustomers() {
    let customers = Set(subscriptionStates.keys.map { $0.parts[0] })
    for customer in customers {
      let states = subscriptionStates.filter { $0.key.parts[0] == customer }.map(\.value)
      /// The partners of record (perhaps none: "") of the subscriptions with paid seats, by product side.
      func payers(in month: ModelMonth) -> [ModelSide: Set<ExactText>] {
        var payers: [ModelSide: Set<ExactText>] = [:]
        for case let state? in states.map({ $0[month - (current - 36)] }) where state.paidSeats > 0 {
          for side in catalog.sides(of: state) {
            payers[side, default: []].insert(ExactText(state.dporPartnerID))
          }
        }
        return payers
      }
      for month in months {
        let before = payers(in: month - 1)
        let now = payers(in: month)
        for side in Set(before.keys).union(now.keys) {
          let gained = before[side] == nil
          let lost = now[side] == nil
          guard gained || lost else { continue }
          for partner in (gained ? now : before)[side] ?? [] {
            add(
              1, to: gained ? .customersAdded : .customersLost, in: month, partner: partner.text,
              sides: [side],
              locations: locations(ofCustomer: customer, in: month))
          }
        }
      }
    }
  }

  /// 3. Paid seats added, and lost.
  private mutating func countSeats() {
    for (id, states) in subscriptionStates {
      for month in months {
        guard let state = states[month - (current - 36)] else { continue }
        let difference = state.paidSeats - (states[month - 1 - (current - 36)]?.paidSeats ?? 0)
        add(
          abs(difference), to: difference > 0 ? .seatsAdded : .seatsLost, in: month,
          partner: state.dporPartnerID, sides: catalog.sides(of: state),
          locations: locations(ofCustomer: id.parts[0], in: month))
      }
    }
  }

  /// 4. Certified individuals.
  private mutating func countCertifiedIndividuals() {
    for (person, affiliations) in facts.affiliations {
      let passes = facts.passes.values.filter { ExactText($0.personID) == person.parts[0] && !$0.revoked }
      for month in months {
        let end = end(of: month)
        guard let affiliation = affiliations.state(before: end) else { continue }
        let held = passes.filter { pass in
          guard let passedAt = pass.passedAt, passedAt < end else { return false }
          if let expiresAt = pass.expiresAt, expiresAt < end { return false }
          return true
        }
        add(
          1, to: .certifiedIndividuals, in: month, partner: affiliation.partnerID,
          sides: catalog.sides(ofExams: Set(held.map { ExactText($0.exam) })),
          locations: [ExactText(""), ExactText(affiliation.country)])
      }
    }
  }

  /// 5. Production instances.
  private mutating func countProductionInstances() {
    for timeline in facts.instances.values {
      for month in months {
        guard let instance = timeline.state(before: end(of: month)),
          instance.deployed, instance.environment == .production,
          let state = subscription(instance.customerID, instance.subscriptionID, in: month)
        else { continue }
        add(
          1, to: .productionInstances, in: month, partner: state.dporPartnerID,
          sides: catalog.sides(of: state, workload: instance.workload),
          locations: locations(ofCustomer: ExactText(instance.customerID), in: month))
      }
    }
  }

  /// 6. Active users.
  private mutating func countActiveUsers() {
    for action in facts.usage where action.intentional {
      guard let occurredAt = action.occurredAt else { continue }
      let month = ModelCalendar.month(of: occurredAt)
      guard months.contains(month),
        let state = subscription(action.customerID, action.subscriptionID, in: month),
        !state.dporPartnerID.isEmpty
      else { continue }
      for side in catalog.sides(of: state, workload: action.workload) {
        for country in locations(ofCustomer: ExactText(action.customerID), in: month) {
          let key = PartnerCell(partner: ExactText(state.dporPartnerID), side: side, country: country)
          users[key, default: Array(repeating: [], count: 36)][month - (current - 35)]
            .insert(ModelID(action.customerID, action.userID))
        }
      }
    }
  }

  /// 7. Assigned seats.
  private mutating func countAssignedSeats() {
    for timeline in facts.assignments.values {
      for month in months {
        guard let assignment = timeline.state(before: end(of: month)), assignment.assigned,
          let state = subscription(assignment.customerID, assignment.subscriptionID, in: month), state.isLive
        else { continue }
        add(
          1, to: .assignedSeats, in: month, partner: state.dporPartnerID, sides: catalog.sides(of: state),
          locations: locations(ofCustomer: ExactText(assignment.customerID), in: month))
      }
    }
  }
}
