import Contract

/// How the published numbers of a month came to be what they are: each time at which they changed, from what to what, and by which
/// facts.
package struct NumberHistory: Sendable {
  /// What was published, as far as the kinds of facts that were asked for make it.
  package struct Figures: Sendable, Equatable {
    package var standing = Explanation.Standing.otherMonth
    /// Zero unless it is published.
    package var total = ComponentValues()

    /// Nil where it is undefined, or nothing is published.
    package func value(of indicator: IndicatorKind) -> Double? {
      standing == .published ? total.value(of: indicator)?.double : nil
    }
  }

  /// What arrived in one stretch of time, and changed the numbers.
  package struct Step: Sendable {
    /// When the stretch begins: the very arrival, if it is one.
    package var start: Timestamp
    package var before: Figures
    package var after: Figures
    /// The greatest first, by kind. Their differences add up to that of the totals, exactly.
    package var changes: [FactChange]

    /// What is to be added to the total before to get the total after.
    package var total: ComponentValues {
      var total = after.total
      for component in Component.allCases { total[component] &-= before.total[component] }
      return total
    }
  }

  /// Which part of a history is asked for.
  package struct Page: Sendable, Hashable {
    /// How finely arrivals are told apart; days are those of UTC.
    package enum Unit: String, Sendable, CaseIterable {
      case day
      case hour
      case minute
      /// Each on its own, but for those of the same millisecond.
      case arrival
    }

    package var unit: Unit
    /// Only what came before, in milliseconds since 1970; nil for all.
    package var end: Int64?
    /// At most so many steps, the newest.
    package var limit: Int

    package init(by unit: Unit = .day, before end: Int64? = nil, limit: Int = .max) {
      (self.unit, self.end, self.limit) = (unit, end, limit)
    }
  }

  package var partnerID: String
  package var query: ExplanationQuery
  package var page: Page
  /// What was published at the page's end, or is now.
  package var newest: Figures
  /// The newest first.
  package var steps: [Step]
  /// Before this there may be more steps; nil if there are none.
  package var earlier: Timestamp?

  /// The components that totals tell.
  package var components: [Component] {
    (query.indicator.map(Fact.kinds) ?? Fact.Kind.allCases).flatMap(\.components)
  }

  /// The same for the partner itself.
  package var limitedToOwn: NumberHistory { mapped(\.limitedToOwn) }

  /// The same without the names of users. O(changes).
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

  /// When the stretch begins in which a time lies.
  func start(of time: Int64) -> Int64 {
    let (quotient, rest) = time.quotientAndRemainder(dividingBy: length)
    let (start, overflow) = (rest < 0 ? quotient - 1 : quotient).multipliedReportingOverflow(by: length)
    return overflow ? .min : start
  }

  /// When the one that begins at `start` is over.
  func end(of start: Int64) -> Int64 {
    let (end, overflow) = start.addingReportingOverflow(length)
    return overflow ? .max : end
  }
}
