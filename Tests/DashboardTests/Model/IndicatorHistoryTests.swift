import Contract
import Dashboard
import SnapshotView
import Testing

@Suite struct IndicatorHistoryTests {
  private func history(_ sample: SampleView, _ rule: RangeRule, month: String? = nil) -> IndicatorHistory {
    IndicatorHistory(sample.view, ReportQuery(partnerID: "p", month: month), .customersAdded, rule)
  }

  @Test func eachMonthHasItsValueAndEdges() {
    var sample = SampleView()
    sample.add("p", Cell(), "2026-11", value: 250, bar: 2)
    sample.add("p", Cell(), "2026-09", value: 90, bar: 1)
    sample.addScale(Cell(), "2026-11", partners: [5, 5, 0, 5])
    sample.addScale(Cell(), "2026-09", partners: [5, 5, 5, 5])
    let points = history(sample, RangeRule(minimumPartners: 1)).points
    #expect(points.count == 12)
    #expect(points.map(\.month).first == "2025-12")
    #expect(points[11].value == 250)
    #expect(points[11].ownSegment?.number == 2)
    #expect((2...4).map { points[11].edge(of: $0) } == [200, nil, 400])
    #expect(points[10].value == nil && points[10].segments.isEmpty)
    #expect((2...4).map { points[9].edge(of: $0) } == [200, 300, 400])
  }

  /// What may be seen of a month is what a report of that month shows, whatever the newest shows.
  @Test func theRuleHoldsInEachMonth() {
    var sample = SampleView()
    let months = ["2026-08", "2026-09", "2026-10", "2026-11"]
    let partners: [[Int32]] = [[9, 9, 9, 9], [9, 2, 9, 9], [9, 9, 9, 9], [3, 9, 9, 9]]
    for (month, partners) in zip(months, partners) { sample.addScale(Cell(), month, partners: partners) }
    // In October it has nothing; in November two others are in its segment.
    for (month, bar) in [("2026-08", 2), ("2026-09", 1), ("2026-11", 1)] {
      sample.add("p", Cell(), month, value: 150, bar: Int32(bar))
    }
    let points = history(sample, RangeRule()).points.suffix(4)
    for (point, month) in zip(points, months) {
      let report = sample.report("p", month: month)
      if report.hasSnapshot { #expect(point.segments == report[.customersAdded]?.segments) }
      for number in 2...4 {
        #expect((point.edge(of: number) != nil) == (month == "2026-08"))
      }
    }
  }

  @Test func ofNothingThereIsNoHistory() {
    #expect(history(SampleView(), RangeRule()).points.isEmpty)
    #expect(history(SampleView(), RangeRule(), month: "x").points.isEmpty)
  }
}

@Suite struct BreakdownTests {
  private let sample: SampleView = {
    var sample = SampleView()
    let cells: [(Cell, Double?)] = [
      (Cell(), 100), (Cell(product: "a"), 30), (Cell(product: "b"), 70),
      (Cell(product: "a", workload: "w"), 30),
      (Cell(country: "FR"), 120), (Cell(country: "BE"), -20), (Cell(product: "b", country: "FR"), 90),
      (Cell(country: "DE"), nil),
    ]
    for (cell, value) in cells {
      sample.add("p", cell, value: value)
      sample.addScale(cell, partners: [1])
    }
    return sample
  }()

  private func all(_ cell: Cell = Cell(), _ kind: IndicatorKind = .netNewRevenue) -> [Breakdown] {
    Breakdown.all(sample.view, sample.report("p", cell), kind)
  }

  @Test func theGreatestIsFirstWithItsShare() {
    let all = all()
    #expect(all.map(\.dimension) == [.product, .country])
    #expect(all[0].rows.map(\.cell.product) == ["b", "a"])
    #expect(all[0].rows.map(\.share) == [0.7, 0.3])
    // Below zero there is no share, and without a value no row.
    #expect(all[1].rows.map(\.cell.country) == ["FR", "BE"])
    #expect(all[1].rows.map(\.share) == [1.2, nil])
  }

  @Test func aRatioHasNoShares() {
    #expect(all(Cell(), .mauPerAssignedSeat).flatMap(\.rows).allSatisfy { $0.share == nil })
  }

  @Test func whatIsChosenIsNotTakenApart() {
    #expect(all(Cell(product: "a")).map(\.dimension) == [.workload])
    let france = all(Cell(country: "FR"))
    #expect(france.map(\.dimension) == [.product])
    #expect(france[0].rows.map(\.cell) == [Cell(product: "b", country: "FR")])
    #expect(france[0].rows[0].share == 0.75)
    #expect(all(Cell(product: "a", workload: "w")).isEmpty)
  }
}
