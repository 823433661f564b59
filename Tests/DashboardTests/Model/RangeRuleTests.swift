import Contract
import Dashboard
import Testing

@Suite struct RangeRuleTests {
  private func ranges(_ partners: [Int32], ownBar: Int32?, fewest: Int = 3) -> [SegmentRange] {
    var sample = SampleView()
    sample.add("p", bar: ownBar)
    sample.addScale(partners: partners)
    return sample.report("p", fewest: fewest)[.netNewRevenue]?.segments.map(\.range) ?? []
  }

  @Test func rangesOverFewerThanThreePartnersAreWithheld() {
    #expect(
      ranges([3, 2, 1, 0], ownBar: nil) == [.shown(least: 100, greatest: 102), .withheld, .withheld, .empty])
  }

  @Test func oneThatTheReaderIsInNeedsTwoOthers() {
    #expect(ranges([3, 9, 9, 9], ownBar: 1)[0] == .shown(least: 100, greatest: 102))
    #expect(ranges([2, 2, 2, 2], ownBar: 2, fewest: 2)[1] == .withheld)
    #expect(ranges([2, 2, 2, 2], ownBar: 2, fewest: 2)[0] == .shown(least: 100, greatest: 101))
  }

  @Test(arguments: [
    (4, [false, false, true, true]), (5, [false, false, false, true]), (100, [false, false, false, false]),
  ])
  func theNumberIsConfigurable(fewest: Int, shown: [Bool]) {
    let ranges = ranges([2, 3, 4, 5], ownBar: 4, fewest: fewest)
    #expect(ranges.map { $0 != .withheld } == shown)
  }

  @Test func oneWithholdsNothing() {
    #expect(!ranges([1, 1, 1, 1], ownBar: 1, fewest: 1).contains(.withheld))
  }

  /// Whoever knows its own value can tell no other partner's for sure.
  @Test(arguments: 2...6)
  func noSegmentLeavesASingleOther(fewest: Int) {
    for partners in Int32(0)...8 {
      for ownBar in Int32(1)...2 {
        let range = ranges([partners, 9, 9, 9], ownBar: ownBar, fewest: fewest)[0]
        guard case .shown = range else { continue }
        #expect(partners - (ownBar == 1 ? 1 : 0) >= 2)
        #expect(Int(partners) >= fewest)
      }
    }
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
}
