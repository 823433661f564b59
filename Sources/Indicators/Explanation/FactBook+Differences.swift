import Contract

extension FactBook {
  /// Why the numbers of `query` differ from those of `comparison`; nil for a cell that the catalog does not have. `former` is the
  /// book of the comparison's moment, or this book to compare with another month. O(facts log facts).
  package func difference(
    _ query: ExplanationQuery, from comparison: ExplanationQuery.Comparison, former: FactBook
  ) -> ExplanationDifference? {
    var asked = query
    if case .month(let month) = comparison { asked.month = month }
    guard let before = former.explain(asked), let after = explain(query) else { return nil }
    return ExplanationDifference(
      before: before, after: after, since: comparison.moment.map { Timestamp(milliseconds: $0) },
      changes: changes(from: before.facts, to: after.facts, since: comparison.moment)
        .sorted { $0.precedes($1) })
  }

  /// The facts that count differently in `after`, which are this book's, than in `before`; in no order. O(facts).
  func changes(from before: [Fact], to after: [Fact], since moment: Int64?) -> [FactChange] {
    var pairs: [FactKey: FactPair] = [:]
    // First those that count on either side; then, for these, the reasons on the side where they do not.
    for counts in [true, false] {
      for (facts, side) in [(before, \FactPair.before), (after, \FactPair.after)] {
        for index in facts.indices where (facts[index].reason == nil) == counts {
          if facts[index].reason == .refused { continue }
          let key = FactKey(facts[index])
          if counts {
            pairs[key, default: FactPair()][keyPath: side].append(index)
          } else {
            pairs[key]?[keyPath: side].append(index)
          }
        }
      }
    }
    return pairs.values.compactMap { pair in
      change(pair.before.map { before[$0] }, pair.after.map { after[$0] }, since: moment)
    }
  }

  /// The change of one fact, given all its occurrences before and after; nil if it counts as before.
  private func change(_ before: [Fact], _ after: [Fact], since moment: Int64?) -> FactChange? {
    let (sharesBefore, sharesAfter) = (before.shares, after.shares)
    guard let fact = (after + before).first(where: { $0.reason == nil }),
      fact.kind.components.contains(where: { sharesBefore.amount(of: $0) != sharesAfter.amount(of: $0) })
    else { return nil }
    let former = before.closest(to: fact)
    var change = FactChange(
      fact: fact, cause: .changed, before: sharesBefore, after: sharesAfter,
      reasonBefore: sharesBefore.isEmpty ? former?.reason : nil,
      reasonAfter: sharesAfter.isEmpty ? after.closest(to: fact)?.reason : nil)
    change.cause = cause(of: change, since: moment, wasKnown: former?.isSame(as: fact) ?? false)
    if let moment {
      let arrived =
        arrivals.newest(of: fact.subjects, after: moment)
        ?? arrivals.newest(of: fact.contexts, after: moment)
      change.arrivedAt = arrived.map { Timestamp(milliseconds: $0) }
    }
    return change
  }

  private func cause(of change: FactChange, since moment: Int64?, wasKnown: Bool) -> FactChange.Cause {
    if let moment, arrivals.newest(of: change.fact.subjects, after: moment) != nil {
      return wasKnown ? .corrected : .arrived
    }
    if [change.reasonBefore, change.reasonAfter].contains(where: { $0?.isAboutOwnership == true }) {
      return .changedOwner
    }
    if change.before.isEmpty { return .cameIn }
    if !change.after.isEmpty { return .changed }
    return change.reasonAfter == .tooOld || (change.reasonAfter == nil && moment == nil)
      ? .leftWindow : .ended
  }
}

/// Identifies a fact before and after. All actions of a user have the same key, and all exams of a person.
private struct FactKey: Hashable {
  private let kind: Fact.Kind
  private let identity: Identity
  private let month: Month?

  init(_ fact: Fact) {
    kind = fact.kind
    let owner = Identity(fact.owner)
    switch fact.kind {
    case .billingLine, .usage: (identity, month) = (owner.appending(fact.name), nil)
    case .customer: (identity, month) = (owner, fact.month)
    case .seatChange: (identity, month) = (owner.appending(fact.subscription), fact.month)
    case .examPass: (identity, month) = (owner, nil)
    case .instance, .assignment:
      (identity, month) = (owner.appending(fact.subscription).appending(fact.name), nil)
    }
  }
}

/// The indexes of a fact's occurrences before and after.
private struct FactPair {
  var before: [Int] = []
  var after: [Int] = []
}

extension [Fact] {
  /// The sum of all shares, for each component that has any.
  fileprivate var shares: [Fact.Share] {
    (first?.kind.components ?? []).compactMap { component in
      let shares = flatMap(\.shares).filter { $0.component == component }
      return shares.isEmpty ? nil : Fact.Share(component: component, amount: shares.amount(of: component))
    }
  }

  /// The fact that is from the same events, or else the first.
  fileprivate func closest(to fact: Fact) -> Fact? { first { $0.isSame(as: fact) } ?? first }
}

extension Fact {
  /// Whether both are from the same events.
  fileprivate func isSame(as other: Fact) -> Bool {
    owner.hasSameUTF8(as: other.owner) && name.hasSameUTF8(as: other.name)
      && (kind == .billingLine || subscription.hasSameUTF8(as: other.subscription))
      && (kind != .usage || workload.hasSameUTF8(as: other.workload) && month == other.month)
  }
}

extension FactChange {
  /// Whether it is listed first: by kind, then the greatest, then as facts are.
  func precedes(_ other: FactChange) -> Bool {
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
  package var moment: Int64? { if case .moment(let moment) = self { moment } else { nil } }
}
