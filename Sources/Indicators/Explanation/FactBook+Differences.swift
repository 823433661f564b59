import Contract

extension FactBook {
  /// Why the numbers that `query` asks for differ from those that `comparison` names; nil for a cell that the catalog does not
  /// have. `former` knows what was known at the comparison's moment; for another month it is this book.
  /// O(facts log facts).
  public func difference(
    _ query: ExplanationQuery, from comparison: ExplanationQuery.Comparison, former: FactBook
  ) -> ExplanationDifference? {
    var asked = query
    if case .month(let month) = comparison { asked.month = month }
    guard let before = former.explain(asked), let after = explain(query) else { return nil }
    return ExplanationDifference(
      before: before, after: after, since: comparison.moment.map { Timestamp(milliseconds: $0) },
      changes: changes(before, after, since: comparison.moment))
  }

  private func changes(_ before: Explanation, _ after: Explanation, since moment: Int64?) -> [FactChange] {
    var pairs: [FactKey: FactPair] = [:]
    for fact in before.facts where fact.reason != .refused {
      pairs[FactKey(fact), default: FactPair()].before.append(fact)
    }
    for fact in after.facts where fact.reason != .refused {
      pairs[FactKey(fact), default: FactPair()].after.append(fact)
    }
    return pairs.values.compactMap { change($0, since: moment) }.sorted { $0.precedes($1) }
  }

  /// Nil if it counts as before.
  private func change(_ pair: FactPair, since moment: Int64?) -> FactChange? {
    let (before, after) = (pair.before.shares, pair.after.shares)
    guard let kind = pair.kind,
      kind.components.contains(where: { before.amount(of: $0) != after.amount(of: $0) }),
      let fact = pair.after.first(where: { $0.reason == nil })
        ?? pair.before.first(where: { $0.reason == nil })
    else { return nil }
    let (former, now) = (pair.before.closest(to: fact), pair.after.closest(to: fact))
    var change = FactChange(
      fact: fact, cause: .changed, before: before, after: after,
      reasonBefore: before.isEmpty ? former?.reason : nil, reasonAfter: after.isEmpty ? now?.reason : nil)
    change.cause = cause(of: change, since: moment, wasKnown: former?.isSame(as: fact) ?? false)
    if let moment {
      let arrived =
        arrivals.newest(of: fact.subjects, after: moment) ?? arrivals.newest(of: fact.contexts, after: moment)
      change.arrivedAt = arrived.map { Timestamp(milliseconds: $0) }
    }
    return change
  }

  private func cause(of change: FactChange, since moment: Int64?, wasKnown: Bool) -> FactChange.Cause {
    if let moment, arrivals.newest(of: change.fact.subjects, after: moment) != nil {
      return wasKnown ? .corrected : .arrived
    }
    let isElsewhere = [change.reasonBefore, change.reasonAfter].contains {
      $0.map(Self.owned.contains) ?? false
    }
    if isElsewhere { return .changedOwner }
    if change.before.isEmpty { return .cameIn }
    if !change.after.isEmpty { return .changed }
    return change.reasonAfter == .tooOld || (change.reasonAfter == nil && moment == nil)
      ? .leftWindow : .ended
  }

  /// Reasons that say whose it is.
  private static let owned: Set<Reason> = [.otherPartner, .noPartner, .notYetKnown]
}

/// What is the same fact before and after: a user counts once, whatever it did, and so does a person.
private struct FactKey: Hashable {
  private let kind: Fact.Kind
  private let texts: [ExactText]
  private let month: Month?

  init(_ fact: Fact) {
    kind = fact.kind
    switch fact.kind {
    case .billingLine: (texts, month) = ([ExactText(fact.owner), ExactText(fact.name)], nil)
    case .customer: (texts, month) = ([ExactText(fact.owner)], fact.month)
    case .seatChange: (texts, month) = ([ExactText(fact.owner), ExactText(fact.subscription)], fact.month)
    case .examPass: (texts, month) = ([ExactText(fact.owner)], nil)
    case .usage: (texts, month) = ([ExactText(fact.owner), ExactText(fact.name)], nil)
    case .instance, .assignment:
      (texts, month) = ([ExactText(fact.owner), ExactText(fact.subscription), ExactText(fact.name)], nil)
    }
  }
}

private struct FactPair {
  var before: [Fact] = []
  var after: [Fact] = []

  var kind: Fact.Kind? { (after.first ?? before.first)?.kind }
}

extension [Fact] {
  /// The shares of all, one for each component that has any.
  fileprivate var shares: [Fact.Share] {
    (first?.kind.components ?? []).compactMap { component in
      let shares = flatMap(\.shares).filter { $0.component == component }
      return shares.isEmpty ? nil : Fact.Share(component: component, amount: shares.amount(of: component))
    }
  }

  /// The very same one, or else the first.
  fileprivate func closest(to fact: Fact) -> Fact? { first { $0.isSame(as: fact) } ?? first }
}

extension Fact {
  /// Whether both are told by the same events.
  fileprivate func isSame(as other: Fact) -> Bool {
    owner.hasSameUTF8(as: other.owner) && name.hasSameUTF8(as: other.name)
      && (kind == .billingLine || subscription.hasSameUTF8(as: other.subscription))
      && (kind != .usage || workload.hasSameUTF8(as: other.workload) && month == other.month)
  }
}

extension FactChange {
  /// By kind, the greatest first, then as facts are.
  fileprivate func precedes(_ other: FactChange) -> Bool {
    if fact.kind != other.fact.kind {
      return fact.kind.components[0].rawValue < other.fact.kind.components[0].rawValue
    }
    if size != other.size { return size > other.size }
    return fact.owner.precedes(other.fact.owner) ?? fact.subscription.precedes(other.fact.subscription)
      ?? fact.name.precedes(other.fact.name)
      ?? ((fact.month?.index ?? .min) < (other.fact.month?.index ?? .min))
  }

  private var size: UInt64 { difference.map(\.amount.magnitude).max() ?? 0 }
}

extension ExplanationQuery.Comparison {
  /// Nil for another month.
  public var moment: Int64? { if case .moment(let moment) = self { moment } else { nil } }
}
