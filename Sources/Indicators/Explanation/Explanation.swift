import Contract

/// Why a partner's numbers under filters in a month are what they are.
package struct Explanation: Sendable {
  /// Whether the month has a snapshot of the partner, if its total is not zero.
  package enum Standing: String, Sendable, CaseIterable {
    case published
    /// The month is not among those that are published.
    case otherMonth = "month_not_published"
    case unknownPartner = "unknown_partner"
    case noAccount = "no_account"
    case excludedCountry = "excluded_country"
  }

  package var partnerID: String
  package var cell: Cell
  package var month: Month
  /// Whose facts it tells; nil for all.
  package var indicator: IndicatorKind?
  package var standing: Standing
  /// The newest event time that was read; nil for none.
  package var asOf: Timestamp?
  /// Facts of the kinds that were asked for, kind by kind: those that count first, then by owner, subscription, name,
  /// workload and month.
  package var facts: [Fact]
  /// Whether there are facts that `limitedToOwn` has left out.
  package var isPartial = false

  /// The sum of all shares: the components of the snapshot, as far as the kinds of facts that were asked for make them.
  package var total: ComponentValues {
    var total = ComponentValues()
    for fact in facts { for share in fact.shares { total[share.component] &+= share.amount } }
    return total
  }

  /// The value of an indicator whose facts it tells; nil where it is undefined.
  package func value(of indicator: IndicatorKind) -> Double? { total.value(of: indicator)?.double }

  /// The components that the total tells.
  package var components: [Component] {
    (indicator.map(Fact.kinds) ?? Fact.Kind.allCases).flatMap(\.components)
  }

  /// How many facts count, or do not for each reason, by kind; in that order.
  package var counts: [(kind: Fact.Kind, reason: Reason?, facts: Int)] {
    var counts: [Fact.Kind: [Reason?: Int]] = [:]
    for fact in facts { counts[fact.kind, default: [:]][fact.reason, default: 0] += fact.facts }
    let reasons: [Reason?] = [nil] + Reason.allCases.map(Optional.some)
    var result: [(kind: Fact.Kind, reason: Reason?, facts: Int)] = []
    for kind in Fact.Kind.allCases {
      for reason in reasons {
        guard let facts = counts[kind]?[reason] else { continue }
        result.append((kind: kind, reason: reason, facts: facts))
      }
    }
    return result
  }

  /// The same for the partner itself: what happened while it was not of record is for others to know. That there is such a thing is
  /// said, and neither what nor how much.
  package var limitedToOwn: Explanation {
    var result = self
    result.facts.removeAll { !$0.isOwn }
    result.isPartial = result.facts.count < facts.count
    return result
  }

  /// The same without the names of users: what they did is counted by customer, month and reason. O(facts).
  package var withoutUsers: Explanation {
    var result = self
    result.facts = []
    var groups: [UserGroup: (index: Int, users: Set<ExactText>)] = [:]
    for fact in facts {
      guard fact.kind.isOfUsers else {
        result.facts.append(fact)
        continue
      }
      let key = UserGroup(fact)
      if var group = groups[key] {
        group.users.insert(ExactText(fact.name))
        groups[key] = group
        result.facts[group.index].add(fact, users: group.users.count)
      } else {
        groups[key] = (result.facts.count, [ExactText(fact.name)])
        result.facts.append(fact.withoutUser)
      }
    }
    return result
  }
}

/// What facts about users have in common that are told as one.
private struct UserGroup: Hashable {
  let kind: Fact.Kind
  let customer: ExactText
  let month: Month?
  let reason: Reason?
  let refusal: Refusal?
  let components: [Component]

  init(_ fact: Fact) {
    (kind, customer, month) = (fact.kind, ExactText(fact.owner), fact.month)
    (reason, refusal, components) = (fact.reason, fact.refusal, fact.shares.map(\.component))
  }
}

extension Fact.Kind {
  /// Whether its name is that of a user.
  var isOfUsers: Bool { nameOfName == "user" }
}

extension Fact {
  fileprivate var withoutUser: Fact {
    var fact = self
    (fact.name, fact.subscription, fact.workload, fact.users) = ("", "", "", 1)
    return fact
  }

  /// Adds another fact of the same group.
  fileprivate mutating func add(_ other: Fact, users: Int) {
    facts += other.facts
    self.users = users
    for index in shares.indices { shares[index].amount += other.shares[index].amount }
  }
}

/// What an explanation is asked for.
package struct ExplanationQuery: Sendable, Hashable {
  package var cell: Cell
  package var month: Month
  /// Nil for all.
  package var indicator: IndicatorKind?

  package init(cell: Cell = Cell(), month: Month, indicator: IndicatorKind? = nil) {
    (self.cell, self.month, self.indicator) = (cell, month, indicator)
  }

  /// What numbers are compared with.
  package enum Comparison: Sendable, Hashable {
    /// Those of another month.
    case month(Month)
    /// Those of the same month as they were known at a moment, in milliseconds since 1970.
    case moment(Int64)
  }
}
