import Contract

/// Something that the events state, and whether it counts for a partner in a cell and month.
package struct Fact: Sendable, Equatable {
  /// The kinds of facts; the components that each adds up to are in `components`.
  package enum Kind: String, Sendable, CaseIterable {
    case billingLine = "billing_line"
    /// A customer gained its first paid seats, or lost its last.
    case customer
    /// A step of a subscription, with the paid seats that it adds or removes.
    case seatChange = "seat_change"
    case examPass = "exam_pass"
    case instance
    /// The activity of a user in one subscription, workload and month.
    case usage
    /// The assignment of a subscription's license to a user.
    case assignment
  }

  /// What the fact adds to a component of the total.
  package struct Share: Sendable, Hashable {
    package var component: Component
    package var amount: Int64
  }

  package var kind: Kind
  /// A customer's or a person's id.
  package var owner: String
  /// The customer's newest name; empty if none is known, or if the owner is a person.
  package var customerName = ""
  /// Empty if it belongs to none.
  package var subscription = ""
  /// The id of the line, exam, instance or user; empty for kinds without.
  package var name = ""
  package var workload = ""
  /// When it happened; nil for a kind that is a state, such as an assignment.
  package var month: Month?
  /// Its amount, whether or not it counts: millionths of the currency, or paid seats; negative for what was credited or lost.
  package var amount: Int64?
  /// What it adds to the total; empty if it does not count.
  package var shares: [Share] = []
  /// Nil if it counts.
  package var reason: Reason?
  /// Why the event was rejected, if that is the reason.
  package var refusal: Refusal?
  /// Whether the partner itself may see it: it is from a time when it was the partner of record, or the person was affiliated with
  /// it.
  package var isOwn = true
  /// If users are not named: the number of facts that are summed here, and of their users.
  package var facts = 1
  package var users: Int?

  init(_ kind: Kind, of owner: String, called customerName: String = "") {
    (self.kind, self.owner, self.customerName) = (kind, owner, customerName)
  }

  // Ids are equal if their bytes are.
  package static func == (left: Fact, right: Fact) -> Bool {
    left.kind == right.kind && left.texts == right.texts && left.month == right.month
      && left.amount == right.amount && left.shares == right.shares && left.reason == right.reason
      && left.refusal == right.refusal && left.isOwn == right.isOwn && left.facts == right.facts
      && left.users == right.users
  }

  private var texts: [ExactText] {
    [owner, customerName, subscription, name, workload].map { ExactText($0) }
  }
}

extension Fact.Kind {
  /// The components that facts of the kind add up to.
  package var components: [Component] {
    switch self {
    case .billingLine: [.billedMicros, .creditedMicros]
    case .customer: [.customersAdded, .customersLost]
    case .seatChange: [.seatsAdded, .seatsLost]
    case .examPass: [.certifiedIndividuals]
    case .instance: [.productionInstances]
    case .usage: [.activeUsers12Months, .activeUsersMonth]
    case .assignment: [.assignedSeats]
    }
  }
}

extension Fact {
  /// The kinds of facts that an indicator is computed from.
  package static func kinds(of indicator: IndicatorKind) -> [Kind] {
    let components = indicator.definition.formula.components
    return Kind.allCases.filter { kind in kind.components.contains(where: components.contains) }
  }
}
