import Contract

/// Something that happened, and whether it counts for a partner under filters in a month.
package struct Fact: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case billingLine = "billing_line"
    /// That a customer came to have paid seats, or ceased to.
    case customer
    /// A step of a subscription, and the paid seats that it adds or takes.
    case seatChange = "seat_change"
    case examPass = "exam_pass"
    case instance
    /// That a user did something, by subscription, workload and month.
    case usage
    /// That a license of a subscription is assigned to a user.
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
  /// What a customer is called by now; empty where none is known, or it is a person's.
  package var customerName = ""
  /// Empty where it is of none.
  package var subscription = ""
  /// The id of the line, exam, instance or user; empty where the kind has none.
  package var name = ""
  package var workload = ""
  /// When it happened, for what happens once or month by month.
  package var month: Month?
  /// What it is about, whether or not it counts: millionths of the currency, or paid seats; negative for what was taken.
  package var amount: Int64?
  package var shares: [Share] = []
  /// Nil if it counts.
  package var reason: Reason?
  /// Why the event was refused, if that is the reason.
  package var refusal: Refusal?
  /// Whether it is of a time when the partner was of record, or the person was affiliated with it: the partner's own to know.
  package var isOwn = true
  /// How many facts it stands for, and of how many users, if these are not named.
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
  /// What facts of the kind add up to.
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
  /// The kinds of facts that an indicator is made of.
  package static func kinds(of indicator: IndicatorKind) -> [Kind] {
    let components = indicator.definition.formula.components
    return Kind.allCases.filter { kind in kind.components.contains(where: components.contains) }
  }
}
