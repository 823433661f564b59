import Contract

/// Why a partner's numbers differ between two months, or between what was known at a moment and what is known now.
package struct ExplanationDifference: Sendable {
  package var before: Explanation
  package var after: Explanation
  /// If it compares with what was known at a moment: that moment.
  package var since: Timestamp?
  /// What makes the difference, by kind; the greatest first. Their differences add up to that of the totals, exactly.
  package var changes: [FactChange]

  /// What is to be added to the total before to get the total after.
  package var total: ComponentValues {
    var total = after.total
    let before = before.total
    for component in Component.allCases { total[component] &-= before[component] }
    return total
  }

  /// The changes by kind and cause, in that order.
  package var causes: [CauseSum] { changes.causes }

  /// The same for the partner itself: what changes its numbers is its own, but not whose it was or is besides.
  package var ofOwnTime: ExplanationDifference {
    var result = self
    (result.before, result.after, result.changes) = (before.ofOwnTime, after.ofOwnTime, changes.ofOwnTime)
    return result
  }

  /// The same without the names of users: changes of theirs are told by customer and cause. O(changes).
  package var withoutUsers: ExplanationDifference {
    var result = self
    (result.before, result.after) = (before.withoutUsers, after.withoutUsers)
    result.changes = changes.withoutUsers
    return result
  }
}

/// A fact that counts otherwise than before. A user or a person is one such fact, whatever the actions or exams are that make it count.
package struct FactChange: Sendable {
  package enum Cause: String, Sendable, CaseIterable {
    /// Events about the fact itself came since: the first, or others.
    case arrived
    case corrected
    /// Another partner has become, or ceased to be, the one of record.
    case changedOwner = "changed_owner"
    /// It counts now, and did not before; the other way round, because the twelve months have passed it, or for another reason.
    case cameIn = "came_in"
    case leftWindow = "left_window"
    case ended
    /// It counts as before, but for another amount.
    case changed
  }

  /// As it counts now; if it does not, as it counted before.
  package var fact: Fact
  package var cause: Cause
  package var before: [Fact.Share]
  package var after: [Fact.Share]
  /// Why it did not count, or does not; nil if it does, or if there was or is no such fact.
  package var reasonBefore: Reason?
  package var reasonAfter: Reason?
  /// When the event came that changed it: for a comparison with what was known at a moment.
  package var arrivedAt: Timestamp?
  /// How many changes it stands for, if users are not named.
  package var facts = 1

  /// Whether the event came only after the month in which it happened.
  package var isLate: Bool {
    guard let arrivedAt, let month = fact.month else { return false }
    return Month(containing: arrivedAt) > month
  }

  /// What it adds to the total.
  package var difference: [Fact.Share] {
    fact.kind.components.compactMap { component in
      let amount = after.amount(of: component) &- before.amount(of: component)
      return amount == 0 ? nil : Fact.Share(component: component, amount: amount)
    }
  }
}

extension [Fact.Share] {
  func amount(of component: Component) -> Int64 {
    reduce(0) { $1.component == component ? $0 &+ $1.amount : $0 }
  }
}
