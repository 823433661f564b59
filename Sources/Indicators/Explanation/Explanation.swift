import Contract

/// Why a partner's numbers in a cell and month are what they are: all facts, each with its share or the reason why it does not
/// count.
package struct Explanation: Sendable {
  /// Whether the partner has a snapshot in the month (if its total is not zero), or why not.
  package enum Standing: String, Sendable, CaseIterable {
    case published
    /// The month is not one of the published months.
    case otherMonth = "month_not_published"
    case unknownPartner = "unknown_partner"
    case noAccount = "no_account"
    case excludedCountry = "excluded_country"
  }

  package var partnerID: String
  package var cell: Cell
  package var month: Month
  /// The indicator whose facts it has; nil for all.
  package var indicator: IndicatorKind?
  package var standing: Standing
  /// The newest event time that was read; nil for none.
  package var asOf: Timestamp?
  /// The facts of the indicator, by kind; within a kind those that count come first, then by owner, subscription, name, workload
  /// and month.
  package var facts: [Fact]
  /// Whether `limitedToOwn` has left out facts.
  package var isPartial = false

  /// The sum of all shares. Of the snapshot's components it has those that the indicator is computed from.
  package var total: ComponentValues {
    var total = ComponentValues()
    for fact in facts { for share in fact.shares { total[share.component] &+= share.amount } }
    return total
  }

  /// The value of an indicator, whose facts it must have; nil where it is undefined.
  package func value(of indicator: IndicatorKind) -> Double? { total.value(of: indicator)?.double }

  /// The components of the total that the facts determine.
  package var components: [Component] {
    (indicator.map(Fact.kinds) ?? Fact.Kind.allCases).flatMap(\.components)
  }

  /// The number of facts by kind and reason; nil is the reason of those that count, which come first.
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

  /// The explanation as the partner itself may see it: without facts of times when it was not the partner of record. Only
  /// `isPartial` says that there are such facts.
  package var limitedToOwn: Explanation {
    var result = self
    result.facts.removeAll { !$0.isOwn }
    result.isPartial = result.facts.count < facts.count
    return result
  }

  /// The explanation without the names of users, whose facts are summed by customer, month and reason. O(facts).
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
      if let known = groups.index(forKey: key) {
        // In place: a copy of the set for each fact would take time by the square of their number.
        groups.values[known].users.insert(ExactText(fact.name))
        let group = groups.values[known]
        result.facts[group.index].add(fact, users: group.users.count)
      } else {
        groups[key] = (result.facts.count, [ExactText(fact.name)])
        result.facts.append(fact.withoutUser)
      }
    }
    return result
  }
}

/// What facts about users must have in common to be summed in one when users are not named.
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

/// The numbers to explain: a cell and month, and one indicator or all.
package struct ExplanationQuery: Sendable, Hashable {
  package var cell: Cell
  package var month: Month
  /// Nil for all.
  package var indicator: IndicatorKind?

  package init(cell: Cell = Cell(), month: Month, indicator: IndicatorKind? = nil) {
    (self.cell, self.month, self.indicator) = (cell, month, indicator)
  }

  /// What the numbers are compared with.
  package enum Comparison: Sendable, Hashable {
    /// The numbers of another month.
    case month(Month)
    /// The numbers of the same month as known at a moment, in milliseconds since 1970.
    case moment(Int64)
  }
}
