import Contract
import SnapshotView
import Testing

@Suite struct ChoicesTests {
  private func makeView() -> SnapshotView {
    var view = SnapshotView()
    view.apply(.snapshot(IndicatorSnapshot("zoe", Cell(product: "x", workload: "w"))))
    view.apply(.snapshot(IndicatorSnapshot("zoe", Cell())))
    view.apply(.snapshot(IndicatorSnapshot("ann", Cell())))
    view.apply(.snapshot(IndicatorSnapshot("bob", Cell(country: "FR"))))
    return view
  }

  @Test func cellsOfAPartnerComeInOrder() {
    let view = makeView()
    #expect(view.cells(ofPartner: "zoe", month: "2026-11").map(\.key) == ["||", "x|w|"])
    #expect(view.cells(ofPartner: "zoe", month: "2026-10").isEmpty)
    #expect(view.cells(ofPartner: "nobody", month: "2026-11").isEmpty)
  }

  @Test func partnersOfACellComeInOrder() {
    var view = makeView()
    #expect(view.partners(of: Cell(), month: "2026-11") == ["ann", "zoe"])
    #expect(view.partners(of: Cell(product: "y"), month: "2026-11").isEmpty)
    view.apply(.removedSnapshot(SnapshotKey(partnerID: "ann", cell: Cell(), month: "2026-11")))
    #expect(view.partners(of: Cell(), month: "2026-11") == ["zoe"])
  }

  @Test func aWorkloadIsOneOfItsProduct() {
    #expect(makeView().hasWorkload("w", ofProduct: "x"))
    #expect(!makeView().hasWorkload("w", ofProduct: "y"))
  }
}
