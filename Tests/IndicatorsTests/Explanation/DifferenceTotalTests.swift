import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Differences add up to what is published")
struct DifferenceTotalTests {
  @Test("of every snapshot of the example sets", arguments: ExampleSet.all)
  func examples(_ example: ExampleSet) throws {
    try check(try example.events(), try Catalog(json: ExampleSet.catalog()), inTurn: true) {
      "set \(example.number)"
    }
  }

  private static let shards = 8

  @Test("of every snapshot of random sets", arguments: 0..<shards)
  func randomSets(shard: Int) throws {
    let catalog = try Catalog(json: testCatalog)
    for seed in stride(from: shard + 1, through: 200, by: Self.shards) {
      var events = RandomEvents(seed: UInt64(seed))
      try check(events.set(), catalog) { "seed \(seed)" }
    }
  }

  /// Long after all events: a record is not to be refused for its time.
  private static let arrival: Int64 = 8_000_000_000_000

  private func check(
    _ events: [LoggedEvent], _ catalog: Catalog, inTurn: Bool = false, _ name: () -> String
  ) throws {
    let half = events.count / 2
    // Records that have a timestamp keep it: it says what is refused.
    let log = events.enumerated().map { index, entry in
      var entry = entry
      if entry.timestamp == nil { entry.timestamp = Self.arrival + Int64(index) }
      return entry
    }
    let moment = Self.arrival + Int64(half)
    let former = published(log.filter { $0.timestamp.map { $0 <= moment } ?? true }, catalog)
    let now = published(log, catalog)
    var explainer = Explainer(catalog: catalog, log: log)
    for (number, snapshot) in now.snapshots.values.sorted(by: { $0.key < $1.key }).enumerated() {
      let month = try #require(Month(snapshot.month))
      let (partner, cell) = (snapshot.partnerID, snapshot.cell ?? Cell())
      let query = ExplanationQuery(cell: cell, month: month)
      let comparisons: [ExplanationQuery.Comparison] = [
        .month(month - 1), .month(month - 12), .moment(moment),
      ]
      // An example has thousands of snapshots: each is compared in one way, in turn.
      for comparison in inTurn ? [comparisons[number % comparisons.count]] : comparisons {
        let book = explainer.book(of: partner)
        let other = explainer.book(of: partner, at: comparison.moment)
        let difference = try #require(book.difference(query, from: comparison, former: other))
        func what() -> String { "\(name()): \(snapshot.key) against \(comparison)" }
        var sum = difference.before.total
        for change in difference.changes {
          try #require(!change.difference.isEmpty, "\(what())")
          for share in change.difference { sum[share.component] += share.amount }
        }
        try #require(sum == snapshot.components, "\(what())")
        try #require(sum == difference.after.total, "\(what())")
        var ofCustomers = ComponentValues()
        for customer in difference.customers {
          for component in Component.allCases { ofCustomers[component] += customer.total[component] }
          guard !inTurn || number % 8 == 0 else { continue }
          let alone = difference.of(customer: customer.customer)
          try #require(alone.total == customer.total, "\(what())")
        }
        for component in difference.after.components.ofCustomers {
          try #require(ofCustomers[component] == difference.total[component], "\(what())")
        }
        let unnamed = difference.withoutUsers
        try #require(unnamed.causes.map(\.changes) == difference.causes.map(\.changes), "\(what())")
        try #require(unnamed.causes.map(\.difference) == difference.causes.map(\.difference), "\(what())")
        // What it says was before is what was published then.
        guard difference.before.standing == .published else { continue }
        let key = ModelText("\(partner)|\(cell.key)|\(difference.before.month)")
        let before = (comparison.moment == nil ? now : former).snapshots[key]?.components
        try #require(difference.before.total == before ?? Components(), "\(what())")
      }
    }
  }

  private func published(_ log: [LoggedEvent], _ catalog: Catalog) -> Publication {
    let pipeline = Pipeline(catalog: catalog)
    pipeline.take(log)
    pipeline.drain()
    return pipeline.published
  }
}
