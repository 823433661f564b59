import Contract

extension CircleEvents {
  /// When the numbers that `query` asks for changed, and why; nil for a cell that the catalog does not have, or if `isCancelled`
  /// returns true meanwhile.
  ///
  /// Only what happens to one customer or person changes its facts, so each is replayed by itself, and judged anew where
  /// something of it arrived: O(events + for each customer, facts x stretches in which something of it arrived).
  package func history(
    _ query: ExplanationQuery, _ page: NumberHistory.Page, isCancelled: () -> Bool = { false }
  ) -> NumberHistory? {
    guard emptyBook(of: .partner).explain(query) != nil else { return nil }
    var builder = HistoryBuilder(self, query, page)
    var steps: [NumberHistory.Step] = []
    // So many stretches at a time, and more if few of them changed anything.
    var count = 64
    while steps.count < page.limit, builder.hasMore {
      guard let more = builder.steps(of: count, isCancelled) else { return nil }
      steps += more
      count *= 4
    }
    let isWhole = steps.count <= page.limit && !builder.hasMore
    steps.removeLast(max(0, steps.count - page.limit))
    guard let newest = builder.newest ?? builder.figures(before: page.end ?? .max, isCancelled) else {
      return nil
    }
    return NumberHistory(
      partnerID: circle.partnerID, query: query, page: page, newest: newest, steps: steps,
      earlier: isWhole ? nil : steps.last?.start)
  }
}

/// Goes back in a history, stretch by stretch.
private struct HistoryBuilder {
  private let events: CircleEvents
  private let query: ExplanationQuery
  private let page: NumberHistory.Page
  /// What changes the numbers, by whose it is.
  private let owners: [CircleEvents.Owner: [CircleEvents.Entry]]
  /// The stretches in which something of that came, ascending, that are not told yet.
  private var stretches: [Int64] = []
  /// What is told ends here.
  private var end: Int64
  /// What was published at the end of the newest stretch, after which nothing changes; nil before that is told.
  private(set) var newest: NumberHistory.Figures?

  init(_ events: CircleEvents, _ query: ExplanationQuery, _ page: NumberHistory.Page) {
    (self.events, self.query, self.page) = (events, query, page)
    end = page.end ?? .max
    let topics = Set((query.indicator.map(Fact.kinds) ?? Fact.Kind.allCases).flatMap(\.topics))
    let window = query.month - (ReportingWindow.trailingMonths - 1)...query.month
    owners = events.owners.compactMapValues { entries in
      let telling = entries.filter { entry in
        topics.contains(entry.topic) && (entry.topic != .usageActions || window.contains(entry.month))
      }
      return telling.isEmpty ? nil : telling
    }
    stretches = findStretches()
  }

  var hasMore: Bool { !stretches.isEmpty }

  /// From when the month is published until it is no longer.
  private func findStretches() -> [Int64] {
    guard let first = events.beginning(of: query.month...) else { return [] }
    let last = events.beginning(of: (query.month + ReportingWindow.publishedMonths)...)
    var found: Set<Int64> = []
    for time in [first, last].compactMap(\.self) where time < end && time > .min {
      found.insert(page.unit.start(of: time))
    }
    for entries in owners.values {
      for entry in entries where entry.arrived(before: end) {
        if let time = entry.timestamp { found.insert(page.unit.start(of: time)) }
      }
    }
    return found.filter { start in
      page.unit.end(of: start) > first && last.map { start <= $0 } ?? true
    }.sorted()
  }

  /// What was published by what came before `end`.
  func figures(before end: Int64, _ isCancelled: () -> Bool) -> NumberHistory.Figures? {
    var figures = NumberHistory.Figures(standing: standings(before: [end])[0])
    guard figures.standing == .published else { return figures }
    for (owner, entries) in owners where owner != .partner {
      if isCancelled() { return nil }
      var replay = OwnerReplay(events, owner, entries)
      replay.advance(before: end)
      if let explanation = replay.book.explain(query) { figures.total.add(explanation.total) }
    }
    return figures
  }

  /// The newest `count` stretches that are not told yet, of which those are steps that changed something; the newest first.
  mutating func steps(of count: Int, _ isCancelled: () -> Bool) -> [NumberHistory.Step]? {
    let told = Array(stretches.suffix(count))
    guard let first = told.first else { return [] }
    let ends = told.map { min(end, page.unit.end(of: $0)) }
    let standings = standings(before: [first] + ends)
    let isPublished = standings.map { $0 == .published }
    var totals = Array(repeating: ComponentValues(), count: ends.count + 1)
    var changes: [[FactChange]] = Array(repeating: [], count: ends.count)
    for (owner, entries) in owners where owner != .partner {
      if isCancelled() { return nil }
      var replay = OwnerReplay(events, owner, entries)
      replay.advance(before: first)
      // As it was published at the end of the stretch before.
      var known = isPublished[0] ? replay.book.explain(query) : nil
      var total = known?.total ?? ComponentValues()
      totals[0].add(total)
      for (index, end) in ends.enumerated() {
        if replay.hasMore(before: end) || isPublished[index] != isPublished[index + 1] {
          if isCancelled() { return nil }
          let before = known
          replay.advance(before: end)
          known = isPublished[index + 1] ? replay.book.explain(query) : nil
          if before != nil || known != nil {
            changes[index] += replay.book.changes(
              from: before?.facts ?? [], to: known?.facts ?? [], since: told[index] &- 1)
          }
          total = known?.total ?? ComponentValues()
        }
        totals[index + 1].add(total)
      }
    }
    newest =
      newest ?? NumberHistory.Figures(standing: standings[ends.count], total: totals[ends.count])
    stretches.removeLast(told.count)
    end = first
    return told.indices.reversed().compactMap { index in
      guard !changes[index].isEmpty || standings[index] != standings[index + 1] else { return nil }
      return NumberHistory.Step(
        start: Timestamp(milliseconds: told[index]),
        before: NumberHistory.Figures(standing: standings[index], total: totals[index]),
        after: NumberHistory.Figures(standing: standings[index + 1], total: totals[index + 1]),
        changes: changes[index].sorted { $0.precedes($1) })
    }
  }

  /// Whether the month was published, at each of these times, which ascend.
  private func standings(before ends: [Int64]) -> [Explanation.Standing] {
    var replay = OwnerReplay(events, .partner, owners[.partner] ?? [])
    return ends.map { end in
      replay.advance(before: end)
      return replay.book.standing(in: query.month, current: events.currentMonth(before: end))
    }
  }
}

extension Fact.Kind {
  /// Whose events change facts of the kind, or whether they are published.
  fileprivate var topics: [Topic] {
    switch self {
    case .billingLine: [.billingLines, .subscriptions, .customers, .partners]
    case .customer, .seatChange: [.subscriptions, .customers, .partners]
    case .examPass: [.examPasses, .affiliations, .partners]
    case .instance: [.instances, .subscriptions, .customers, .partners]
    case .usage: [.usageActions, .subscriptions, .customers, .partners]
    case .assignment: [.licenseAssignments, .subscriptions, .customers, .partners]
    }
  }
}

extension ComponentValues {
  fileprivate mutating func add(_ other: ComponentValues) {
    for component in Component.allCases { self[component] &+= other[component] }
  }
}
