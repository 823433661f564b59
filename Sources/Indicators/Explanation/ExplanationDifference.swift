import Contract

/// Why a partner's numbers differ between two months, or between what was known at a moment and what is known now.
package struct ExplanationDifference: Sendable {
  package var before: Explanation
  package var after: Explanation
  /// The moment, if this compares with what was known at one.
  package var since: Timestamp?
  /// The facts that make the difference, by kind, the greatest first. Their differences add up exactly to that of the totals.
  package var changes: [FactChange]

  /// The total after minus the total before.
  package var total: ComponentValues {
    var total = after.total
    let before = before.total
    for component in Component.allCases { total[component] &-= before[component] }
    return total
  }

  /// The changes, summed by kind and cause.
  package var causes: [CauseSum] { changes.causes }

  /// The difference as the partner itself may see it: all changes, but not which of them are due to another partner.
  package var limitedToOwn: ExplanationDifference {
    var result = self
    (result.before, result.after, result.changes) = (
      before.limitedToOwn, after.limitedToOwn, changes.limitedToOwn
    )
    return result
  }

  /// The difference without the names of users, whose changes are summed by customer and cause. O(changes).
  package var withoutUsers: ExplanationDifference {
    var result = self
    (result.before, result.after) = (before.withoutUsers, after.withoutUsers)
    result.changes = changes.withoutUsers
    return result
  }
}
