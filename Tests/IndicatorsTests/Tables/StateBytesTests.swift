import Contract
import Indicators
import Testing

@Suite("Bytes of state by kind")
struct StateBytesTests {
  @Test("of a ranking grow with what it holds, and only where it does")
  func ranking() throws {
    let state = RankingState()
    #expect(state.stateBytes.reduce(0) { $0 + $1.bytes } < 1_000)
    fill(state, partners: 0..<2_000, sources: 1)
    let alone = bytes(state)
    #expect(alone["contributions"] == 0)
    // A partner has 30 months of two components, one of them with six bytes a month.
    let sums = try #require(alone["sums"])
    #expect((400_000..<840_000).contains(sums))
    // Both components are ranked in each of 24 months, in at most eight bytes each, with a fourth to spare.
    let values = 24 * 2_000
    let rankings = try #require(alone["rankings"])
    #expect(rankings >= values * 8 && rankings < values * 20 + 100_000)
    fill(state, partners: 0..<2_000, sources: 2)
    let shared = bytes(state)
    #expect(try #require(shared["contributions"]) > sums)
    let (half, whole) = (RankingState(), RankingState())
    fill(half, partners: 0..<2_000, sources: 2)
    fill(whole, partners: 0..<4_000, sources: 2)
    for (kind, before) in bytes(half) {
      let ratio = Double(bytes(whole)[kind] ?? 0) / Double(before)
      #expect((1.6..<2.4).contains(ratio), "\(kind) times \(ratio)")
    }
  }

  private func bytes(_ state: RankingState) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: state.stateBytes.map { ($0.kind, $0.bytes) })
  }

  private func fill(_ state: RankingState, partners: Range<Int>, sources: UInt32) {
    for partner in partners {
      var partial = PartnerPartial()
      partial.partnerID = "partner-\(partner)"
      partial.eligible = [MonthRange(from: 200, until: nil)]
      state.apply(partial)
      partial.eligible = []
      partial.cell = Cell()
      partial.newestEventTime = Timestamp(seconds: 1_760_000_000)
      for month in 280..<310 as Range<Int32> {
        var values = ComponentValues()
        values[.billedMicros] = Int64(partner + 1) * 1_000_000_007
        values[.activeUsers12Months] = month == 280 ? 5 : 0
        partial.rows.append(MonthRow(month: month, values: values))
      }
      for source in 0..<sources {
        partial.source = source
        state.apply(partial)
      }
    }
    state.drain { _ in }
  }
}
