import Contract
import Indicators

extension Benchmark {
  /// A cell with `partners` partners, all eligible, each with its own revenue and users.
  static func ranking(partners: Int) -> RankingState {
    let state = RankingState()
    for partner in 0..<partners {
      var enrolment = PartnerPartial()
      enrolment.partnerID = "partner-\(partner)"
      enrolment.eligible = [MonthRange(from: 200, until: nil)]
      state.apply(enrolment)
      state.apply(partial(partner, value: Int64(partner) * 7919 % 1_000_003))
    }
    state.discardChanges()
    return state
  }

  private static func partial(_ partner: Int, value: Int64) -> PartnerPartial {
    var partial = PartnerPartial()
    partial.partnerID = "partner-\(partner)"
    partial.cell = Cell()
    partial.newestEventTime = Timestamp(seconds: 1_760_000_000)
    for month in 280..<310 as Range<Int32> {
      var values = ComponentValues()
      values[.billedMicros] = value &* Int64(month)
      values[.activeUsersMonth] = value % 100
      partial.rows.append(MonthRow(month: month, values: values))
    }
    return partial
  }

  static var ranking: [Benchmark] {
    let sizes = [(1, 1_000), (1, 10_000), (1, 100_000), (1_000, 1_000), (10_000, 10_000), (10_000, 100_000)]
    return sizes.map { dirty, partners in
      Benchmark(name: "publish \(dirty) of \(partners) partners", operations: dirty) {
        let state = ranking(partners: partners)
        // A first drain, so that the memory of the second has been used before.
        for partial in changes(to: dirty, of: partners, round: 0) { state.apply(partial) }
        state.drain { _ in }
        for partial in changes(to: dirty, of: partners, round: 1) { state.apply(partial) }
        return { state.drain { _ in } }
      }
    }
      + [(1_000, 1_000), (10_000, 10_000), (10_000, 100_000)].map { dirty, partners in
        Benchmark(name: "take in \(dirty) of \(partners) partners", operations: dirty) {
          let state = ranking(partners: partners)
          let changes = changes(to: dirty, of: partners, round: 0)
          return { for partial in changes { state.apply(partial) } }
        }
      }
  }

  /// Other users and another revenue in the current month for `dirty` partners.
  private static func changes(to dirty: Int, of partners: Int, round: Int) -> [PartnerPartial] {
    (0..<dirty).map { index in
      let partner = (round * dirty + index) * 7 % partners
      var partial = partial(partner, value: Int64(partner) * 7919 % 1_000_003)
      partial.rows[partial.rows.count - 1].values[.billedMicros] &+= Int64(round + 1) * 104_729
      partial.rows[partial.rows.count - 1].values[.activeUsersMonth] &+= 1
      partial.rows[partial.rows.count - 1].values[.activeUsers12Months] &+= 1
      return partial
    }
  }
}
