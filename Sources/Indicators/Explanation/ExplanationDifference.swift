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

  /// The changes by kind and cause, in that order: how many there are, and what they add.
  package var causes: [(kind: Fact.Kind, cause: FactChange.Cause, changes: Int, difference: ComponentValues)]
  {
    var sums: [Fact.Kind: [FactChange.Cause: (changes: Int, difference: ComponentValues)]] = [:]
    for change in changes {
      var sum = sums[change.fact.kind]?[change.cause] ?? (0, ComponentValues())
      sum.changes += change.facts
      for share in change.difference { sum.difference[share.component] &+= share.amount }
      sums[change.fact.kind, default: [:]][change.cause] = sum
    }
    return Fact.Kind.allCases.flatMap { kind in
      FactChange.Cause.allCases.compactMap { cause in
        sums[kind]?[cause].map { (kind: kind, cause: cause, changes: $0.changes, difference: $0.difference) }
      }
    }
  }

  /// The same for the partner itself: what changes its numbers is its own, but not whose it was or is besides.
  package var ofOwnTime: ExplanationDifference {
    var result = self
    (result.before, result.after) = (before.ofOwnTime, after.ofOwnTime)
    for index in result.changes.indices {
      let (reasonBefore, reasonAfter) = (changes[index].reasonBefore, changes[index].reasonAfter)
      if reasonBefore?.saysWhose == true { result.changes[index].reasonBefore = nil }
      if reasonAfter?.saysWhose == true { result.changes[index].reasonAfter = nil }
    }
    return result
  }

  /// The same without the names of users: changes of theirs are told by customer and cause. O(changes).
  package var withoutUsers: ExplanationDifference {
    var result = self
    (result.before, result.after) = (before.withoutUsers, after.withoutUsers)
    result.changes = []
    var places: [UserChanges: Int] = [:]
    for change in changes {
      guard change.fact.kind.isOfUsers else {
        result.changes.append(change)
        continue
      }
      let key = UserChanges(change)
      if let place = places[key] {
        result.changes[place].add(change)
      } else {
        places[key] = result.changes.count
        result.changes.append(change.withoutUser)
      }
    }
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

  fileprivate mutating func add(_ others: [Fact.Share]) {
    for share in others {
      if let index = firstIndex(where: { $0.component == share.component }) {
        self[index].amount &+= share.amount
      } else {
        append(share)
      }
    }
  }
}

/// What changes about users have in common that are told as one.
private struct UserChanges: Hashable {
  let kind: Fact.Kind
  let customer: ExactText
  let cause: FactChange.Cause
  let reasonBefore: Reason?
  let reasonAfter: Reason?

  init(_ change: FactChange) {
    (kind, customer, cause) = (change.fact.kind, ExactText(change.fact.owner), change.cause)
    (reasonBefore, reasonAfter) = (change.reasonBefore, change.reasonAfter)
  }
}

extension FactChange {
  fileprivate var withoutUser: FactChange {
    var change = self
    (change.fact.name, change.fact.subscription, change.fact.workload) = ("", "", "")
    (change.fact.month, change.arrivedAt, change.fact.users) = (nil, nil, 1)
    return change
  }

  fileprivate mutating func add(_ other: FactChange) {
    facts += 1
    fact.users = facts
    before.add(other.before)
    after.add(other.after)
  }
}
