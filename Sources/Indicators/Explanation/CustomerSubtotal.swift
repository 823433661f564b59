import Contract

/// The sum of a customer's facts, or of the changes of its facts.
package struct CustomerSubtotal: Sendable {
  package let customer: String
  /// Empty if no name is known.
  package let name: String
  package fileprivate(set) var total = ComponentValues()
  /// The number of facts that count, or of changes.
  package fileprivate(set) var facts = 0

  package func value(of indicator: IndicatorKind) -> Double? { total.value(of: indicator)?.double }

  fileprivate func size(by indicator: IndicatorKind?) -> Double {
    if let indicator { return value(of: indicator) ?? -.infinity }
    return Component.allCases.map { Double(total[$0].magnitude) }.max() ?? 0
  }
}

extension Explanation {
  /// The facts that count, summed by customer; the greatest value of the indicator first, or the greatest amount if no indicator
  /// was asked for. Exams belong to no customer, so certified people are missing. O(facts + customers log customers).
  package var customers: [CustomerSubtotal] {
    facts.lazy.filter { $0.reason == nil }.map { ($0, $0.shares, $0.facts) }.subtotals(by: indicator)
  }

  /// The explanation for one customer only. `isPartial` stays that of the whole.
  package func of(customer id: String) -> Explanation {
    var result = self
    result.facts.removeAll { !$0.isOf(customer: id) }
    return result
  }
}

extension ExplanationDifference {
  /// The changes, summed by customer; the greatest first. O(changes + customers log customers).
  package var customers: [CustomerSubtotal] {
    changes.lazy.map { ($0.fact, $0.difference, $0.facts) }.subtotals(by: nil)
  }

  /// The difference for one customer only.
  package func of(customer id: String) -> ExplanationDifference {
    var result = self
    (result.before, result.after) = (before.of(customer: id), after.of(customer: id))
    result.changes.removeAll { !$0.fact.isOf(customer: id) }
    return result
  }
}

extension IndicatorKind {
  /// The share of a part in the whole; nil where that has no meaning: for a ratio, a negative part, or a whole that is not
  /// positive.
  package func share(_ part: Double, of whole: Double?) -> Double? {
    guard definition.format != .ratio, let whole, whole > 0, part >= 0 else { return nil }
    return part / whole
  }

  /// Whether any of its facts belong to customers.
  package var isOfCustomers: Bool { Fact.kinds(of: self).contains { $0.isOfCustomers } }
}

extension Fact.Kind {
  /// Whether the owner of such a fact is a customer; otherwise it is a person.
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
    var ordered: [(size: Double, id: ExactText, subtotal: CustomerSubtotal)] = []
    for (id, subtotal) in subtotals { ordered.append((subtotal.size(by: indicator), id, subtotal)) }
    ordered.sort { $0.size == $1.size ? $0.id < $1.id : $0.size > $1.size }
    return ordered.map(\.subtotal)
  }
}
