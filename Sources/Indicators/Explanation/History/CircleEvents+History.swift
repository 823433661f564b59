import Contract

extension CircleEvents {
  /// When the numbers of `query` changed, and why; nil for a cell that the catalog does not have, or if `isCancelled` returned
  /// true.
  ///
  /// A customer's or person's facts depend only on its own events, so each is replayed separately, and evaluated again only after
  /// stretches of time in which events of it arrived: O(events + for each customer, facts x such stretches).
  package func history(
    _ query: ExplanationQuery, _ page: NumberHistory.Page, isCancelled: () -> Bool = { false }
  ) -> NumberHistory? {
    guard emptyBook(of: .partner).explain(query) != nil else { return nil }
    var builder = HistoryBuilder(self, query, page)
    var steps: [NumberHistory.Step] = []
    // The number of stretches to replay at a time; grows while few of them changed anything.
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

/// Builds the steps of a history from the newest stretch of time backwards.
private struct HistoryBuilder {
  private let events: CircleEvents
  private let query: ExplanationQuery
  private let page: NumberHistory.Page
  /// The events that may change the numbers, by owner.
  private let owners: [CircleEvents.Owner: [CircleEvents.Entry]]
  /// The starts of the stretches in which such events arrived and whose steps are not built yet, ascending.
  private var stretches: [Int64] = []
  /// The steps from here on are built.
  private var end: Int64
  /// What was published at the end of the newest stretch, after which nothing changes; nil until its step is built.
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

  /// All stretches with such events from when the month is published until it no longer is.
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

  /// What was published according to the events that arrived before `end`.
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

  /// The steps of the newest `count` stretches that remain, the newest first; stretches that changed nothing are left out.
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
      // As published at the end of the previous stretch.
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

  /// The month's standing at each of these times, which must ascend.
  private func standings(before ends: [Int64]) -> [Explanation.Standing] {
    var replay = OwnerReplay(events, .partner, owners[.partner] ?? [])
    return ends.map { end in
      replay.advance(before: end)
      return replay.book.standing(in: query.month, current: events.currentMonth(before: end))
    }
  }
}

extension Fact.Kind {
  /// The topics whose events change facts of the kind, or whether the partner is published.
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
