import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Explanations add up to what is published")
struct ExplanationTotalTests {
  @Test("of every snapshot of the example sets", arguments: ExampleSet.all)
  func examples(_ example: ExampleSet) throws {
    let log = try example.events()
    try check(log, try Catalog(json: ExampleSet.catalog())) { "set \(example.number)" }
  }

  private static let shards = 8

  @Test("of every snapshot of random sets", arguments: 0..<shards)
  func randomSets(shard: Int) throws {
    let catalog = try Catalog(json: testCatalog)
    for seed in stride(from: shard + 1, through: 400, by: Self.shards) {
      var events = RandomEvents(seed: UInt64(seed))
      try check(events.set(), catalog) { "seed \(seed)" }
    }
  }

  private func check(_ log: [LoggedEvent], _ catalog: Catalog, _ name: () -> String) throws {
    let pipeline = Pipeline(catalog: catalog)
    pipeline.take(log)
    pipeline.drain()
    var explainer = Explainer(catalog: catalog, log: log)
    var partners: Set<ModelText> = []
    for (number, snapshot) in pipeline.published.snapshots.values.sorted(by: { $0.key < $1.key }).enumerated()
    {
      partners.insert(ModelText(snapshot.partnerID))
      let month = try #require(Month(snapshot.month))
      let query = ExplanationQuery(cell: snapshot.cell ?? Cell(), month: month)
      let answer = explainer.explain(snapshot.partnerID, query)
      let explanation = try #require(answer)
      try #require(explanation.total == snapshot.components, "\(name()): \(snapshot.key)")
      try #require(explanation.standing == .published, "\(name()): \(snapshot.key)")
      try #require(explanation.contradiction == nil, "\(name()): \(snapshot.key)")
      var sum = ComponentValues()
      for customer in explanation.customers {
        for component in Component.allCases { sum[component] += customer.total[component] }
        // Of some snapshots: this takes as long as the explanation does.
        guard number % 8 == 0 else { continue }
        let alone = explanation.of(customer: customer.customer)
        try #require(alone.total == customer.total, "\(name()): \(snapshot.key)")
      }
      for component in explanation.components.ofCustomers {
        try #require(sum[component] == explanation.total[component], "\(name()): \(snapshot.key)")
      }
    }
    for partner in partners { try checkMonths(of: partner.text, &explainer, pipeline.published, name) }
  }

  /// Where there is no snapshot, nothing may be explained; and an indicator's facts are those of the whole.
  private func checkMonths(
    of partner: String, _ explainer: inout Explainer, _ published: Publication, _ name: () -> String
  ) throws {
    let current = explainer.book(of: partner).clock.currentMonth
    for month in current - 25...current + 1 {
      let book = explainer.book(of: partner)
      let whole = try #require(book.explain(ExplanationQuery(month: month)))
      let isPublished = published.snapshots[ModelText("\(partner)||||\(month)")] != nil
      try #require(
        (whole.standing == .published && !whole.total.isZero) == isPublished,
        "\(name()): \(partner) in \(month)")
      for indicator in IndicatorKind.allCases {
        let query = ExplanationQuery(month: month, indicator: indicator)
        let part = try #require(book.explain(query))
        let kinds = Fact.kinds(of: indicator)
        try #require(part.facts == whole.facts.filter { kinds.contains($0.kind) })
        for component in part.components {
          try #require(part.total[component] == whole.total[component])
        }
      }
    }
  }
}
