import Contract

/// What the facts of a customer add up to, or what they change.
package struct CustomerSubtotal: Sendable {
  package let customer: String
  /// Empty where none is known.
  package let name: String
  package fileprivate(set) var total = ComponentValues()
  /// How many of its facts count, or how many changes there are.
  package fileprivate(set) var facts = 0

  package func value(of indicator: IndicatorKind) -> Double? { total.value(of: indicator)?.double }

  fileprivate func size(by indicator: IndicatorKind?) -> Double {
    if let indicator { return value(of: indicator) ?? -.infinity }
    return Component.allCases.map { Double(total[$0].magnitude) }.max() ?? 0
  }
}

extension Explanation {
  /// What counts, by customer: the greatest value of the indicator first, or the greatest amount where there is none. Exams are of
  /// nobody's, so all but certified people add up to the total. O(facts + customers log customers).
  package var customers: [CustomerSubtotal] {
    facts.lazy.filter { $0.reason == nil }.map { ($0, $0.shares, $0.facts) }.subtotals(by: indicator)
  }

  /// The same for one customer alone. `isPartial` stays: it is said of the whole.
  package func of(customer id: String) -> Explanation {
    var result = self
    result.facts.removeAll { !$0.isOf(customer: id) }
    return result
  }
}

extension ExplanationDifference {
  /// What has changed, by customer; the greatest change first. O(changes + customers log customers).
  package var customers: [CustomerSubtotal] {
    changes.lazy.map { ($0.fact, $0.difference, $0.facts) }.subtotals(by: nil)
  }

  /// The same for one customer alone.
  package func of(customer id: String) -> ExplanationDifference {
    var result = self
    (result.before, result.after) = (before.of(customer: id), after.of(customer: id))
    result.changes.removeAll { !$0.fact.isOf(customer: id) }
    return result
  }
}

extension IndicatorKind {
  /// What a part is of the whole; nil where that makes no sense: of a ratio, below zero, or of nothing.
  package func share(_ part: Double, of whole: Double?) -> Double? {
    guard definition.format != .ratio, let whole, whole > 0, part >= 0 else { return nil }
    return part / whole
  }

  /// Whether its facts are of customers.
  package var isOfCustomers: Bool { Fact.kinds(of: self).contains { $0.isOfCustomers } }
}

extension Fact.Kind {
  /// Whether its owner is a customer; else it is a person.
  package var isOfCustomers: Bool { self != .examPass }
}

extension Fact {
  fileprivate func isOf(customer id: String) -> Bool {
    kind.isOfCustomers && owner.hasSameUTF8(as: id)
  }
}

extension Sequence<(Fact, [Fact.Share], Int)> {
  fileprivate func subtotals(by indicator: IndicatorKind?) -> [CustomerSubtotal] {
    var subtotals: [ExactText: CustomerSubtotal] = [:]
    for (fact, shares, facts) in self where fact.kind.isOfCustomers {
      let empty = CustomerSubtotal(customer: fact.owner, name: fact.customerName)
      for share in shares {
        subtotals[ExactText(fact.owner), default: empty].total[share.component] &+= share.amount
      }
      subtotals[ExactText(fact.owner), default: empty].facts += facts
    }
    return subtotals.map { (size: $1.size(by: indicator), id: $0, subtotal: $1) }
      .sorted { $0.size == $1.size ? $0.id < $1.id : $0.size > $1.size }
      .map(\.subtotal)
  }
}
