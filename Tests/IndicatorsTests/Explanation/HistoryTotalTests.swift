import Contract
import Indicators
import Randomness
import ReferenceModel
import Testing

@Suite("Histories lead to what is published, step by step")
struct HistoryTotalTests {
  @Test("of snapshots of the example sets", arguments: ExampleSet.all)
  func examples(_ example: ExampleSet) throws {
    try check(try example.events(), try Catalog(json: ExampleSet.catalog()), seed: UInt64(example.number)) {
      "set \(example.number)"
    }
  }

  private static let shards = 8

  @Test("of snapshots of random sets", arguments: 0..<shards)
  func randomSets(shard: Int) throws {
    let catalog = try Catalog(json: testCatalog)
    for seed in stride(from: shard + 1, through: 120, by: Self.shards) {
      var events = RandomEvents(seed: UInt64(seed))
      try check(events.set(), catalog, seed: UInt64(seed)) { "seed \(seed)" }
    }
  }

  /// Long after all events: a record is not to be refused for its time.
  private static let arrival: Int64 = 8_000_000_000_000

  private func check(
    _ events: [LoggedEvent], _ catalog: Catalog, seed: UInt64, _ name: () -> String
  ) throws {
    var random = SplitMix64(seed: seed)
    // Records that have a timestamp keep it: it says what is refused. Others come in any order, some at once, some always there.
    let log = events.map { entry in
      var entry = entry
      if entry.timestamp == nil, Int.random(in: 0..<20, using: &random) > 0 {
        entry.timestamp = Self.arrival + Int64.random(in: 0..<40, using: &random) * 3_000_000
      }
      return entry
    }
    let pipeline = Pipeline(catalog: catalog)
    pipeline.take(log)
    pipeline.drain()
    var explainer = Explainer(catalog: catalog, log: log)
    let snapshots = pipeline.published.snapshots.values.sorted { $0.key < $1.key }
    for snapshot in snapshots where Int.random(in: 0..<max(1, snapshots.count / 6), using: &random) == 0 {
      let (partner, cell) = (snapshot.partnerID, snapshot.cell ?? Cell())
      let query = ExplanationQuery(cell: cell, month: try #require(Month(snapshot.month)))
      let events = CircleEvents(of: partner, in: log, catalog)
      func what() -> String { "\(name()): \(snapshot.key)" }
      let whole = try #require(events.history(query, NumberHistory.Page(by: .arrival)))
      try #require(whole.newest.total == snapshot.components, "\(what())")
      for unit in NumberHistory.Page.Unit.allCases {
        let history = try #require(events.history(query, NumberHistory.Page(by: unit)))
        try checkSteps(history, what)
        try #require(history.newest == whole.newest, "\(what())")
        try #require(history.steps.last?.before == whole.steps.last?.before, "\(what()) by \(unit)")
      }
      try checkPages(events, query, whole, Int.random(in: 1...4, using: &random), what)
      // What it says was known at a time is what a book of that time knows, also between steps.
      let times = Set(log.compactMap(\.timestamp)).sorted()
      for time in times where Int.random(in: 0..<max(1, times.count / 12), using: &random) == 0 {
        let moment = time + Int64.random(in: 0...1, using: &random)
        let told = whole.steps.first { $0.start.milliseconds <= moment }?.after ?? whole.steps.last?.before
        let known = try #require(explainer.book(of: partner, at: moment).explain(query))
        let total = known.standing == .published ? known.total : ComponentValues()
        try #require((told ?? whole.newest).total == total, "\(what()) at \(moment)")
        let before = try #require(events.history(query, NumberHistory.Page(by: .day, before: moment + 1)))
        try #require(before.newest.total == total, "\(what()) before \(moment + 1)")
        try checkSteps(before, what)
      }
    }
  }

  /// The facts of each step account for its difference, exactly, and each begins where the one before it ends.
  private func checkSteps(_ history: NumberHistory, _ what: () -> String) throws {
    var after = history.newest
    for step in history.steps {
      try #require(step.after.total == after.total, "\(what()) at \(step.start)")
      var sum = step.before.total
      for change in step.changes {
        try #require(!change.difference.isEmpty, "\(what()) at \(step.start)")
        for share in change.difference { sum[share.component] += share.amount }
      }
      try #require(sum == step.after.total, "\(what()) at \(step.start)")
      try #require(!step.changes.isEmpty || step.before.standing != step.after.standing)
      after = step.before
    }
    try #require(history.earlier == nil, "\(what())")
  }

  /// Page by page it is the same.
  private func checkPages(
    _ events: CircleEvents, _ query: ExplanationQuery, _ whole: NumberHistory, _ limit: Int,
    _ what: () -> String
  ) throws {
    var steps: [NumberHistory.Step] = []
    var end: Int64?
    repeat {
      let part = NumberHistory.Page(by: .arrival, before: end, limit: limit)
      let page = try #require(events.history(query, part))
      try #require(page.steps.count <= limit, "\(what())")
      try #require(page.earlier == nil || page.steps.count == limit, "\(what())")
      steps += page.steps
      end = page.earlier?.milliseconds
    } while end != nil
    try #require(steps.map(\.start) == whole.steps.map(\.start), "\(what())")
    try #require(steps.map(\.before) == whole.steps.map(\.before), "\(what())")
    try #require(steps.map(\.after) == whole.steps.map(\.after), "\(what())")
    try #require(
      steps.map { $0.changes.map(\.fact) } == whole.steps.map { $0.changes.map(\.fact) }, "\(what())")
  }
}
