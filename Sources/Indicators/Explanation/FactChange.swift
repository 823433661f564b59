import Contract

/// A fact that counts differently than before. All actions of a user are one such fact, and all exams of a person.
package struct FactChange: Sendable {
  /// Why a fact counts differently.
  package enum Cause: String, Sendable, CaseIterable {
    /// The first event about the fact itself has arrived since.
    case arrived
    /// A further event about the fact itself has arrived since.
    case corrected
    /// The partner of record has changed.
    case changedOwner = "changed_owner"
    /// It counts now, and did not before.
    case cameIn = "came_in"
    /// It counts no longer, since it is older than the twelve months.
    case leftWindow = "left_window"
    /// It counts no longer, for another reason.
    case ended
    /// It still counts, with another amount.
    case changed
  }

  /// The fact as it is now, if it counts now; otherwise as it was before.
  package var fact: Fact
  package var cause: Cause
  package var before: [Fact.Share]
  package var after: [Fact.Share]
  /// Why it did not count before, and why it does not count now; nil if it does, or if the fact does not exist.
  package var reasonBefore: Reason?
  package var reasonAfter: Reason?
  /// When the event that changed it arrived; only in a comparison with what was known at a moment.
  package var arrivedAt: Timestamp?
  /// The number of changes that are summed here, if users are not named.
  package var facts = 1

  /// Whether the event arrived after the month in which it happened.
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

/// The changes of one kind with the same cause: their number and sum.
package struct CauseSum: Sendable {
  package let kind: Fact.Kind
  package let cause: FactChange.Cause
  package fileprivate(set) var changes = 0
  package fileprivate(set) var difference = ComponentValues()
}

extension [FactChange] {
  /// The changes, summed by kind and cause, in that order. O(changes).
  package var causes: [CauseSum] {
    var sums: [Fact.Kind: [FactChange.Cause: CauseSum]] = [:]
    for change in self {
      let (kind, cause) = (change.fact.kind, change.cause)
      var sum = sums[kind]?[cause] ?? CauseSum(kind: kind, cause: cause)
      sum.changes += change.facts
      for share in change.difference { sum.difference[share.component] &+= share.amount }
      sums[kind, default: [:]][cause] = sum
    }
    return Fact.Kind.allCases.flatMap { kind in FactChange.Cause.allCases.compactMap { sums[kind]?[$0] } }
  }

  /// The changes as the partner itself may see them: without reasons that tell of other partners.
  var limitedToOwn: [FactChange] {
    map { change in
      var change = change
      if change.reasonBefore?.isAboutOwnership == true { change.reasonBefore = nil }
      if change.reasonAfter?.isAboutOwnership == true { change.reasonAfter = nil }
      return change
    }
  }

  /// The changes without the names of users, whose changes are summed by customer and cause. O(changes).
  var withoutUsers: [FactChange] {
    var result: [FactChange] = []
    var places: [UserChanges: Int] = [:]
    for change in self {
      guard change.fact.kind.isOfUsers else {
        result.append(change)
        continue
      }
      let key = UserChanges(change)
      if let place = places[key] {
        result[place].add(change)
      } else {
        places[key] = result.count
        result.append(change.withoutUser)
      }
    }
    return result
  }
}

extension [Fact.Share] {
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

/// What changes about users must have in common to be summed in one when users are not named.
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
