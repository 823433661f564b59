import Contract
import Dashboard
import Testing

@Suite struct PartnerReportTests {
  @Test func itHasTheSevenIndicatorsInOrder() {
    var sample = SampleView()
    sample.add("p", value: 5, previous: 7, trend: .down, bar: 2)
    sample.addScale(partners: [4, 4, 4, 4])
    let report = sample.report("p")
    #expect(report.hasSnapshot)
    #expect(report.indicators.map(\.kind) == IndicatorKind.allCases)
    for indicator in report.indicators {
      #expect(indicator.value == 5)
      #expect(indicator.previous == 7)
      #expect(indicator.trend == .down)
      #expect(indicator.partners == 16)
      #expect(indicator.segments.map(\.isOwn) == [false, true, false, false])
    }
    #expect(report.components?[.activeUsers12Months] == 12)
    #expect(report.asOf == Timestamp(seconds: 1_795_500_000))
  }

  @Test func theNewestMonthIsTakenUnlessOneIsAskedFor() {
    var sample = SampleView()
    for month in ["2026-11", "2026-10"] {
      sample.add("p", Cell(), month, value: month == "2026-10" ? 10 : 11)
      sample.addScale(Cell(), month, partners: [3, 3, 3, 3])
    }
    #expect(sample.report("p").month == "2026-11")
    #expect(sample.report("p").months == ["2026-10", "2026-11"])
    #expect(sample.report("p", month: "2026-10")[.netNewRevenue]?.value == 10)
    #expect(!sample.report("p", month: "2026-09").hasSnapshot)
    #expect(!sample.report("p", month: "nonsense").hasSnapshot)
  }

  @Test func theHistoryIsTheTwelveMonthsUpToIt() {
    var sample = SampleView()
    sample.addScale(partners: [3, 3, 3, 3])
    // The sixth is missing, and the last one is beyond.
    for (index, month) in ["2026-01", "2025-12", "2025-11", "2025-10", "2025-09", "2025-08"].enumerated()
    where month != "2025-08" {
      sample.add("p", Cell(), month, value: Double(index))
    }
    sample.add("p", Cell(), "2025-01", value: 100)
    sample.add("p", Cell(), "2025-02", value: 12)
    let history = sample.report("p", month: "2026-01")[.monthlyActiveUsers]?.history ?? []
    #expect(history.map(\.month).first == "2025-02")
    #expect(history.map(\.month).last == "2026-01")
    #expect(history.map(\.value) == [12, nil, nil, nil, nil, nil, nil, 4, 3, 2, 1, 0])
  }

  @Test func theYearBeforeIsThatOfTheSameMonth() {
    var sample = SampleView()
    sample.addScale(Cell(), "2026-01", partners: [3, 3, 3, 3])
    for (month, value) in [("2026-01", 5.0), ("2025-01", 3), ("2025-02", 4)] {
      sample.add("p", Cell(), month, value: value)
    }
    #expect(sample.report("p", month: "2026-01")[.netNewRevenue]?.yearAgo == 3)
    #expect(sample.report("p", month: "2025-02")[.netNewRevenue]?.yearAgo == nil)
  }

  @Test func onlyTheNewestMonthIsInProgress() {
    var sample = SampleView()
    for month in ["2026-11", "2026-10"] {
      sample.add("p", Cell(), month)
      sample.addScale(Cell(), month, partners: [3])
    }
    #expect(sample.report("p").isInProgress)
    #expect(!sample.report("p", month: "2026-10").isInProgress)
    #expect(!SampleView().report("p").isInProgress)
  }

  @Test func anUndefinedValueHasNoSegment() {
    var sample = SampleView()
    sample.add("p", value: nil, previous: nil, trend: .unchanged, bar: nil)
    sample.addScale(partners: [3, 3, 3, 3])
    let indicator = sample.report("p")[.mauPerAssignedSeat]
    #expect(indicator?.value == nil)
    #expect(indicator?.ownSegment == nil)
    #expect(indicator?.segments.count == 4)
  }

  @Test func aPartnerWithoutSnapshotHasNone() {
    var sample = SampleView()
    sample.add("p")
    sample.addScale(partners: [3, 3, 3, 3])
    let report = sample.report("p", Cell(country: "FR"))
    #expect(!report.hasSnapshot)
    #expect(report.month == "2026-11")
    #expect(report.components == nil)
    #expect(!sample.report("q").hasSnapshot)
  }

  @Test func nothingIsKnownOfAnEmptyView() {
    let report = SampleView().report("p")
    #expect(report.month == "")
    #expect(report.months.isEmpty)
    #expect(!report.hasSnapshot)
  }

  @Test func theChoicesAreWhatThePartnerHas() {
    var sample = SampleView()
    sample.addScale(partners: [1])
    let own = [
      Cell(), Cell(product: "b"), Cell(product: "a"), Cell(product: "a", workload: "w"), Cell(country: "FR"),
      Cell(product: "a", country: "FR"), Cell(product: "b", workload: "v"), Cell(country: "BE"),
      Cell(product: "a", workload: "w", country: "FR"),
    ]
    for cell in own { sample.add("p", cell) }
    sample.add("q", Cell(country: "US"))
    sample.add("p", Cell(product: "old"), "2026-10")
    let all = sample.report("p").choices
    #expect(all.products == ["a", "b"])
    #expect(all.workloads == [])
    #expect(all.countries == ["BE", "FR"])
    #expect(sample.report("p", Cell(product: "a")).choices.workloads == ["w"])
    #expect(sample.report("p", Cell(product: "b", country: "FR")).choices.workloads == ["v"])
    #expect(sample.report("p", month: "2026-10").choices.products == ["old"])
  }
}
