import Contract

/// How many changes of a kind have a cause, and what they add.
package struct CauseSum: Sendable {
  package let kind: Fact.Kind
  package let cause: FactChange.Cause
  package fileprivate(set) var changes = 0
  package fileprivate(set) var difference = ComponentValues()
}

extension [FactChange] {
  /// By kind and cause, in that order. O(changes).
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

  /// The same without whose the facts were or are besides.
  var ofOwnTime: [FactChange] {
    map { change in
      var change = change
      if change.reasonBefore?.saysWhose == true { change.reasonBefore = nil }
      if change.reasonAfter?.saysWhose == true { change.reasonAfter = nil }
      return change
    }
  }

  /// The same without the names of users: changes of theirs are told by customer and cause. O(changes).
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
