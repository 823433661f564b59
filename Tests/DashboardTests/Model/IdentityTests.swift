import Contract
import Dashboard
import Indicators
import SnapshotView
import Testing

/// Ids are equal if their bytes are; strings are equal more often.
@Suite struct IdentityTests {
  private let composed = "caf\u{e9}"
  private let decomposed = "cafe\u{301}"

  @Test func partnersHaveNamesOfTheirOwn() {
    let names = PartnerNames()
    for (id, name, revision) in [
      (composed, "Composed", 2), (decomposed, "Decomposed", 1), ("cafe", "Plain", 1),
    ] {
      var event = Partner<String>()
      (event.partnerID, event.name, event.revision) = (id, name, Int64(revision))
      event.effectiveAt = Timestamp(seconds: 1_700_000_000)
      names.take(event)
    }
    #expect(names.name(of: composed) == "Composed")
    #expect(names.name(of: decomposed) == "Decomposed")
    #expect(names.name(of: "cafe") == "Plain")
    #expect(names.name(of: "caf") == "caf")
  }

  @Test func productsAndWorkloadsHaveNamesOfTheirOwn() {
    var names = DisplayNames()
    names.add(product: composed, name: "P1", workloads: [(composed, "W1"), (decomposed, "W2")])
    names.add(product: decomposed, name: "P2", workloads: [])
    #expect(names.product(composed) == "P1")
    #expect(names.product(decomposed) == "P2")
    #expect(names.workload(composed, ofProduct: composed) == "W1")
    #expect(names.workload(decomposed, ofProduct: composed) == "W2")
    #expect(names.workload(composed, ofProduct: decomposed).utf8.elementsEqual(composed.utf8))
  }

  @Test func reportsAreFollowedApart() {
    let queries =
      [composed, decomposed].map { ReportQuery(partnerID: $0) }
      + [composed, decomposed].map { ReportQuery(partnerID: "p", cell: Cell(product: $0)) }
    #expect(Set(queries.map { ChannelKey($0, RangeRule()) }).count == 4)
    var snapshot = IndicatorSnapshot()
    (snapshot.partnerID, snapshot.cell, snapshot.month) = (decomposed, Cell(), "2026-11")
    #expect(queries.map { $0.isTouched(by: .snapshot(snapshot)) } == [false, true, false, false])
    let key = SnapshotKey(partnerID: "p", cell: Cell(product: composed), month: "2026-11")
    #expect(queries.map { $0.isTouched(by: .removedSnapshot(key)) } == [false, false, true, false])
    let scale = ScaleKey(cell: Cell(product: decomposed), month: "2026-11")
    #expect(queries.map { $0.isTouched(by: .removedScale(scale)) } == [false, false, false, true])
  }

  @Test func explanationsAreKeptApart() {
    let query = { (product: String) in
      ExplanationKey("p", .init(cell: Cell(product: product), month: .init("2026-11")!))
    }
    #expect(query(composed) != query(decomposed))
    #expect(query(composed).hashValue == query("caf\u{e9}").hashValue)
    #expect(ExplanationKey(composed, query("").query) != ExplanationKey(decomposed, query("").query))
  }
}
