import Contract
import Indicators

extension Benchmark {
  /// A cell with `partners` partners, all eligible, each with its own revenue and users.
  private static func ranking(partners: Int) -> RankingState {
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
    [1_000, 10_000, 100_000].flatMap { partners in
      [1, 100].map { dirty in
        Benchmark(
          name: "rank \(dirty) changed of \(partners) partners", operations: dirty * 10
        ) {
          let state = ranking(partners: partners)
          return {
            for round in 0..<10 {
              for index in 0..<dirty {
                let partner = (round * dirty + index) * 7 % partners
                state.apply(partial(partner, value: Int64(partner + round) * 104_729 % 1_000_003))
              }
              state.drain { _ in }
            }
          }
        }
      }
    }
  }
}
