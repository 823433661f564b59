import Contract

/// Why a partner's numbers under filters in a month are what they are.
public struct Explanation: Sendable {
  /// Whether the month has a snapshot of the partner, if its total is not zero.
  public enum Standing: String, Sendable, CaseIterable {
    case published
    /// The month is not among those that are published.
    case otherMonth = "month_not_published"
    case unknownPartner = "unknown_partner"
    case noAccount = "no_account"
    case excludedCountry = "excluded_country"
  }

  public var partnerID: String
  public var cell: Cell
  public var month: Month
  /// Whose facts it tells; nil for all.
  public var indicator: IndicatorKind?
  public var standing: Standing
  /// The newest event time that was read; nil for none.
  public var asOf: Timestamp?
  /// Facts of the kinds that were asked for, kind by kind: those that count first, then by owner, subscription, name,
  /// workload and month.
  public var facts: [Fact]
  /// Facts at the time of another partner, which `withoutOthers` left out.
  public var withheld = 0

  /// The sum of all shares: the components of the snapshot, as far as the kinds of facts that were asked for make them.
  public var total: ComponentValues {
    var total = ComponentValues()
    for fact in facts { for share in fact.shares { total[share.component] &+= share.amount } }
    return total
  }

  /// The value of an indicator whose facts it tells; nil where it is undefined.
  public func value(of indicator: IndicatorKind) -> Double? { total.value(of: indicator)?.double }

  /// The components that the total tells.
  public var components: [Component] {
    (indicator.map(Fact.kinds) ?? Fact.Kind.allCases).flatMap(\.components)
  }

  /// How many facts count, or do not for each reason, by kind; in that order.
  public var counts: [(kind: Fact.Kind, reason: Reason?, facts: Int)] {
    var counts: [Fact.Kind: [Reason?: Int]] = [:]
    for fact in facts { counts[fact.kind, default: [:]][fact.reason, default: 0] += 1 }
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

  /// The same for the partner's own eyes: what happened while another partner was of record is that one's to know.
  public var withoutOthers: Explanation {
    var result = self
    result.facts.removeAll { $0.reason == .otherPartner }
    result.withheld += facts.count - result.facts.count
    return result
  }
}

/// What an explanation is asked for.
public struct ExplanationQuery: Sendable, Hashable {
  public var cell: Cell
  public var month: Month
  /// Nil for all.
  public var indicator: IndicatorKind?

  public init(cell: Cell = Cell(), month: Month, indicator: IndicatorKind? = nil) {
    (self.cell, self.month, self.indicator) = (cell, month, indicator)
  }
}
