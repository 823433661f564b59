import Contract
import Dashboard
import SnapshotView
import Testing

@Suite struct RangeRuleTests {
  /// Who may see several partners knows their values: they are no others.
  @Test(arguments: [
    ([4, 3, 3, 3], 1, true), ([4, 3, 3, 3], 2, false), ([5, 4, 4, 4], 2, true), ([5, 4, 4, 4], 3, false),
  ])
  func severalOwnPartnersAreNoOthers(_ partners: [Int32], _ own: Int, _ isShown: Bool) {
    var sample = SampleView()
    sample.add("p-1", bar: 1)
    sample.addScale(partners: partners)
    let rule = RangeRule().seen(by: Viewer(.partners((1...own).map { ExactText("p-\($0)") })))
    let segments = PartnerReport(sample.view, ReportQuery(partnerID: "p-1"), rule)[.customersAdded]?.segments
    #expect(segments?.contains { $0.range == .withheld } == !isShown)
  }

  private func ranges(_ partners: [Int32], ownBar: Int32?, minimum: Int = 3) -> [SegmentRange] {
    var sample = SampleView()
    sample.add("p", bar: ownBar)
    sample.addScale(partners: partners)
    return sample.report("p", fewest: minimum)[.netNewRevenue]?.segments.map(\.range) ?? []
  }

  @Test func rangesAreRoundedOutwards() {
    #expect(
      ranges([3, 4, 12, 0], ownBar: 2) == [
        .shown(least: 100, greatest: 110), .shown(least: 200, greatest: 210),
        .shown(least: 300, greatest: 320), .empty,
      ])
  }

  @Test func oneSegmentWithTooFewWithholdsAll() {
    #expect(ranges([9, 2, 9, 0], ownBar: nil) == [.withheld, .withheld, .withheld, .empty])
  }

  @Test func theViewerDoesNotCount() {
    #expect(ranges([3, 9, 9, 9], ownBar: 2)[0] != .withheld)
    #expect(ranges([3, 9, 9, 9], ownBar: 1)[0] == .withheld)
    #expect(ranges([4, 9, 9, 9], ownBar: 1)[0] != .withheld)
  }

  @Test(arguments: [(4, false), (3, true), (2, true)])
  func theNumberIsConfigurable(minimum: Int, isShown: Bool) {
    let ranges = ranges([3, 3, 4, 5], ownBar: 4, minimum: minimum)
    #expect(ranges.allSatisfy { ($0 != .withheld) == isShown })
  }

  @Test func oneWithholdsAndRoundsNothing() {
    #expect(ranges([3, 1, 1, 1], ownBar: 1, minimum: 1)[0] == .shown(least: 100, greatest: 102))
  }

  @Test func administratorsSeeAll() {
    var sample = SampleView()
    sample.add("p")
    sample.addScale(partners: [3, 1, 0, 0])
    let rule = RangeRule().seen(by: Viewer(.administrator))
    let segments = PartnerReport(sample.view, ReportQuery(partnerID: "p"), rule)[.customersAdded]?.segments
    #expect(
      segments?.map(\.range) == [
        .shown(least: 100, greatest: 102), .shown(least: 200, greatest: 200), .empty, .empty,
      ])
  }

  /// All of them have that value.
  @Test(arguments: [(Int32(9), false), (10, true)])
  func equalEndsNeedTen(partners: Int32, isShown: Bool) {
    var sample = SampleView()
    sample.add("p", bar: 1)
    var scale = IndicatorScale()
    (scale.cell, scale.month) = (Cell(), "2026-11")
    var one = IndicatorScale.Scale()
    one.indicator = IndicatorKind.customersAdded.name
    one.bars = [
      IndicatorScale.Bar(bar: 1, partners: 20, min: 1, max: 4),
      IndicatorScale.Bar(bar: 2, partners: partners, min: 5, max: 5),
    ]
    scale.scales = [one]
    sample.view.apply(.scale(scale))
    let segments = sample.report("p")[.customersAdded]?.segments ?? []
    #expect(segments.map(\.range).contains(.withheld) != isShown)
  }

  @Test func howManyThereAreIsSaidAllTheSame() {
    var sample = SampleView()
    sample.add("p", bar: 4)
    sample.addScale(partners: [2, 0, 1, 1])
    let report = sample.report("p")[.customersAdded]
    #expect(report?.segments.map(\.partners) == [2, 0, 1, 1])
    #expect(report?.partners == 4)
    #expect(report?.ownSegment?.number == 4)
  }

  @Test(arguments: [
    (16_321.21, 16_000.0, 17_000.0), (17.0, 17.0, 17.0), (0.0, 0.0, 0.0), (0.29, 0.29, 0.29),
    (0.3333333333333333, 0.33, 0.34),
    (-4_321.09, -4_400.0, -4_300.0), (99.6, 99.0, 100.0), (1_000.0, 1_000.0, 1_000.0),
    (0.0012345, 0.0012, 0.0013), (1e15 + 1, 1e15, 1.1e15),
  ])
  func roundsToTwoDigits(value: Double, down: Double, up: Double) {
    #expect(value.roundedToTwoDigits(.down) == down)
    #expect(value.roundedToTwoDigits(.up) == up)
  }
}
