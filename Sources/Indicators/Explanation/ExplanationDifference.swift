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
  package var limitedToOwn: ExplanationDifference {
    var result = self
    (result.before, result.after, result.changes) = (
      before.limitedToOwn, after.limitedToOwn, changes.limitedToOwn
    )
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
