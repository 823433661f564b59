import Contract

/// How the published numbers of a month have changed: each time they did, from what to what, and because of which facts.
package struct NumberHistory: Sendable {
  /// What was published at some time, of the components that the query asks for.
  package struct Figures: Sendable, Equatable {
    package var standing = Explanation.Standing.otherMonth
    /// Zero unless the month is published.
    package var total = ComponentValues()

    /// Nil where the value is undefined or the month is not published.
    package func value(of indicator: IndicatorKind) -> Double? {
      standing == .published ? total.value(of: indicator)?.double : nil
    }
  }

  /// One change of the numbers: what arrived in one stretch of time.
  package struct Step: Sendable {
    /// When the stretch begins; for `Page.Unit.arrival`, the time of arrival.
    package var start: Timestamp
    package var before: Figures
    package var after: Figures
    /// By kind, the greatest first. Their differences add up exactly to that of the totals.
    package var changes: [FactChange]

    /// The total after minus the total before.
    package var total: ComponentValues {
      var total = after.total
      for component in Component.allCases { total[component] &-= before.total[component] }
      return total
    }
  }

  /// Which part of a history is asked for, and how finely.
  package struct Page: Sendable, Hashable {
    /// The length of a stretch of time, in UTC; arrivals within one make one step.
    package enum Unit: String, Sendable, CaseIterable {
      case day
      case hour
      case minute
      /// A step for each arrival; those of the same millisecond are one.
      case arrival
    }

    package var unit: Unit
    /// Only what arrived before, in milliseconds since 1970; nil for all.
    package var end: Int64?
    /// The maximum number of steps; the newest are taken.
    package var limit: Int

    package init(by unit: Unit = .day, before end: Int64? = nil, limit: Int = .max) {
      (self.unit, self.end, self.limit) = (unit, end, limit)
    }
  }

  package var partnerID: String
  package var query: ExplanationQuery
  package var page: Page
  /// What was published at the page's end; for a page without an end, what is published now.
  package var newest: Figures
  /// The steps, the newest first.
  package var steps: [Step]
  /// The end of the next page, if there may be earlier steps.
  package var earlier: Timestamp?

  /// The components of totals that the query asks for.
  package var components: [Component] {
    (query.indicator.map(Fact.kinds) ?? Fact.Kind.allCases).flatMap(\.components)
  }

  /// The history as the partner itself may see it: without reasons that tell of other partners.
  package var limitedToOwn: NumberHistory { mapped(\.limitedToOwn) }

  /// The history without the names of users. O(changes).
  package var withoutUsers: NumberHistory { mapped(\.withoutUsers) }

  private func mapped(_ change: ([FactChange]) -> [FactChange]) -> NumberHistory {
    var result = self
    for index in result.steps.indices { result.steps[index].changes = change(result.steps[index].changes) }
    return result
  }
}

extension NumberHistory.Page.Unit {
  /// In milliseconds.
  var length: Int64 {
    switch self {
    case .day: 86_400_000
    case .hour: 3_600_000
    case .minute: 60_000
    case .arrival: 1
    }
  }

  /// The start of the stretch that contains a time.
  func start(of time: Int64) -> Int64 {
    let (quotient, rest) = time.quotientAndRemainder(dividingBy: length)
    let (start, overflow) = (rest < 0 ? quotient - 1 : quotient).multipliedReportingOverflow(by: length)
    return overflow ? .min : start
  }

  /// The end of the stretch that begins at `start`.
  func end(of start: Int64) -> Int64 {
    let (end, overflow) = start.addingReportingOverflow(length)
    return overflow ? .max : end
  }
}
