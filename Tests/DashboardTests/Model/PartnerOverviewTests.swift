import Contract
import Dashboard
import SnapshotView
import Testing

@Suite struct PartnerOverviewTests {
  private let names = PartnerNames()
  private var sample = SampleView()

  init() {
    for (index, name) in ["Zebra", "Élan", "elastic", "Ωmega"].enumerated() {
      var event = Partner<String>()
      (event.partnerID, event.name, event.effectiveAt) = ("p-\(index)", name, Timestamp(seconds: 1))
      names.take(event)
    }
    for (index, value) in [5.0, 7, nil, 7].enumerated() { sample.add("p-\(index)", value: value) }
    sample.add("unnamed", value: -1)
    sample.add("p-0", Cell(country: "FR"), value: 3)
    for cell in [Cell(), Cell(country: "FR")] { sample.addScale(cell, partners: [4]) }
  }

  private func overview(
    _ text: String = "", _ order: PartnerOverview.Order = .name, isDescending: Bool = false,
    cell: Cell = Cell(),
    page: Int = 1
  ) -> PartnerOverview {
    PartnerOverview(
      sample.view, names, cell: cell, month: nil, text: text, order: order, isDescending: isDescending,
      page: page)
  }

  @Test func namesAreInTheOrderInWhichPeopleLookForThem() {
    // Without marks, Élan comes between Elaan and elastic.
    #expect(overview().rows.map(\.partnerID) == ["p-1", "p-2", "unnamed", "p-0", "p-3"])
    #expect(overview(isDescending: true).rows.first?.partnerID == "p-3")
  }

  @Test func valuesAreInOrderAndWhatHasNoneIsLast() {
    let kind = PartnerOverview.Order.indicator(.customersAdded)
    #expect(
      overview("", kind, isDescending: true).rows.map(\.partnerID) == ["p-1", "p-3", "p-0", "unnamed", "p-2"])
    #expect(overview("", kind).rows.map(\.partnerID) == ["unnamed", "p-0", "p-1", "p-3", "p-2"])
  }

  @Test func aPartOfANameOrIDIsFound() {
    #expect(overview("ELA").rows.map(\.partnerID) == ["p-1", "p-2"])
    #expect(overview("P-3").rows.map(\.partnerID) == ["p-3"])
    #expect(overview("NAMED").rows.map(\.partnerID) == ["unnamed"])
    #expect(overview("nothing").rows.isEmpty)
    #expect(overview("nothing").pages == 1)
  }

  @Test func onlyWhoHasSomethingUnderTheFiltersIsThere() {
    let overview = overview(cell: Cell(country: "FR"))
    #expect(overview.rows.map(\.partnerID) == ["p-0"])
    #expect(overview.rows.first?.snapshot[.netNewRevenue]?.value == 3)
    #expect(overview.choices.countries == ["FR"])
  }

  @Test func pagesFollowOneAnother() {
    var sample = SampleView()
    for number in 100..<225 { sample.add("q-\(number)") }
    sample.addScale(partners: [125])
    let pages = (1...4).map { page in
      PartnerOverview(
        sample.view, names, cell: Cell(), month: nil, text: "", order: .name, isDescending: false, page: page)
    }
    #expect(pages.map(\.page) == [1, 2, 3, 3])
    #expect(pages.map(\.rows.count) == [50, 50, 25, 25])
    #expect(pages[0].pages == 3)
    #expect(pages[2].rows.map(\.partnerID).first == "q-200")
  }

  @Test func amongAHundredThousandItIsFoundAtOnce() {
    var sample = SampleView()
    let names = PartnerNames()
    for number in 0..<100_000 {
      sample.add("partner-\(number)", value: Double(number))
      var event = Partner<String>()
      (event.partnerID, event.name) = ("partner-\(number)", "Société numéro \(number)")
      event.effectiveAt = Timestamp(seconds: 1)
      names.take(event)
    }
    sample.addScale(partners: [100_000])
    let start = ContinuousClock.now
    let overview = PartnerOverview(
      sample.view, names, cell: Cell(), month: nil, text: "NUMERO 9999", order: .indicator(.netNewRevenue),
      isDescending: true, page: 1)
    #expect(
      overview.rows.map(\.partnerID) == (0..<10).reversed().map { "partner-9999\($0)" } + ["partner-9999"])
    print("a search among 100,000 partners took \(ContinuousClock.now - start)")
  }
}
