import Contract

// The seven indicators, in the order of SEMANTICS.md.
extension ModelContributions {
  /// 1. Net new revenue.
  mutating func countRevenue() {
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
        locations: locations(ofCustomer: ModelText(line.customerID), in: month))
    }
  }

  /// 2. Customers added, and lost.
  mutating func countCustomers() {
    let customers = Set(subscriptionStates.keys.map { $0.parts[0] })
    for customer in customers {
      let states = subscriptionStates.filter { $0.key.parts[0] == customer }.map(\.value)
      /// The partners of record (perhaps none: "") of the subscriptions with paid seats, by product side.
      func payers(in month: ModelMonth) -> [ModelSide: Set<ModelText>] {
        var payers: [ModelSide: Set<ModelText>] = [:]
        for case let state? in states.map({ $0[month - (current - 36)] }) where state.paidSeats > 0 {
          for side in catalog.sides(of: state) {
            payers[side, default: []].insert(ModelText(state.dporPartnerID))
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
  mutating func countSeats() {
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
  mutating func countCertifiedIndividuals() {
    for (person, affiliations) in facts.affiliations {
      let passes = facts.passes.values.filter { ModelText($0.personID) == person.parts[0] && !$0.revoked }
      for month in months {
        let end = end(of: month)
        guard let affiliation = affiliations.state(before: end) else { continue }
        let held = passes.filter { pass in
          guard let passedAt = pass.passedAt, passedAt < end else { return false }
          if let expiresAt = pass.expiresAt, expiresAt < end, !isForGood(pass) { return false }
          return true
        }
        add(
          1, to: .certifiedIndividuals, in: month, partner: affiliation.partnerID,
          sides: catalog.sides(ofExams: Set(held.map { ModelText($0.exam) })),
          locations: [ModelText(""), ModelText(affiliation.country)])
      }
    }
  }

  /// Whether a pass expires a hundred years after it was passed, or later.
  private func isForGood(_ pass: ExamPass<String>) -> Bool {
    guard let passedAt = pass.passedAt, let expiresAt = pass.expiresAt else { return true }
    return ModelCalendar.month(of: expiresAt) >= ModelCalendar.month(of: passedAt) + 100 * 12
  }

  /// 5. Production instances.
  mutating func countProductionInstances() {
    for timeline in facts.instances.values {
      for month in months {
        guard let instance = timeline.state(before: end(of: month)),
          instance.deployed, instance.environment == .production,
          let state = subscription(instance.customerID, instance.subscriptionID, in: month)
        else { continue }
        add(
          1, to: .productionInstances, in: month, partner: state.dporPartnerID,
          sides: catalog.sides(of: state, workload: instance.workload),
          locations: locations(ofCustomer: ModelText(instance.customerID), in: month))
      }
    }
  }

  /// 6. Active users.
  mutating func countActiveUsers() {
    for action in facts.usage where action.intentional {
      guard let occurredAt = action.occurredAt else { continue }
      let month = ModelCalendar.month(of: occurredAt)
      guard months.contains(month),
        let state = subscription(action.customerID, action.subscriptionID, in: month),
        !state.dporPartnerID.isEmpty
      else { continue }
      for side in catalog.sides(of: state, workload: action.workload) {
        for country in locations(ofCustomer: ModelText(action.customerID), in: month) {
          let key = PartnerCell(partner: ModelText(state.dporPartnerID), side: side, country: country)
          users[key, default: Array(repeating: [], count: 36)][month - (current - 35)]
            .insert(ModelID(action.customerID, action.userID))
        }
      }
    }
  }

  /// 7. Assigned seats.
  mutating func countAssignedSeats() {
    for timeline in facts.assignments.values {
      for month in months {
        guard let assignment = timeline.state(before: end(of: month)), assignment.assigned,
          let state = subscription(assignment.customerID, assignment.subscriptionID, in: month), state.isLive
        else { continue }
        add(
          1, to: .assignedSeats, in: month, partner: state.dporPartnerID, sides: catalog.sides(of: state),
          locations: locations(ofCustomer: ModelText(assignment.customerID), in: month))
      }
    }
  }
}
