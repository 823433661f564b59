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
    [1_000, 10_000, 100_000].map { partners in
      Benchmark(name: "change 1 of \(partners) partners, this month", operations: 100) {
        let state = ranking(partners: partners)
        return { change(1, of: partners, times: 100, state) }
      }
    }
      + [1_000, 10_000, 100_000].map { partners in
        Benchmark(name: "change 1,000 of \(partners) partners, this month", operations: 10_000) {
          let state = ranking(partners: partners)
          return { change(1_000, of: partners, times: 10, state) }
        }
      }
      + [100_000].map { partners in
        Benchmark(name: "change 10,000 of \(partners) partners, this month", operations: 10_000) {
          let state = ranking(partners: partners)
          return { change(10_000, of: partners, times: 1, state) }
        }
      }
  }

  /// Changes the users and the revenue of the current month of `dirty` partners, and drains; `times` over.
  private static func change(_ dirty: Int, of partners: Int, times: Int, _ state: RankingState) {
    for round in 0..<times {
      for index in 0..<dirty {
        let partner = (round * dirty + index) * 7 % partners
        var partial = partial(partner, value: Int64(partner) * 7919 % 1_000_003)
        partial.rows[partial.rows.count - 1].values[.billedMicros] &+= Int64(round + 1) * 104_729
        partial.rows[partial.rows.count - 1].values[.activeUsersMonth] &+= 1
        state.apply(partial)
      }
      state.drain { _ in }
    }
  }
}
