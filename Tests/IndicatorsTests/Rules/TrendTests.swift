import Contract
import Testing

@Suite("Snapshots, trend, bars: trend")
struct TrendTests {
  @Test("Up, down or unchanged against the month before (SEM-46)")
  func directions() throws {
    let market = try Market {
      $0.subscription(seats: 5, from: "2024-01-10")
      $0.subscription(seats: 7, from: "2024-02-10")
      $0.subscription(seats: 6, from: "2024-04-10")
    }
    let trends = (1...4).map { market.indicator(.netPaidSeatsAdded, in: "2024-0\($0)")?.trend }
    #expect(trends == [.up, .up, .unchanged, .down])
    let previous = (1...4).map { market.indicator(.netPaidSeatsAdded, in: "2024-0\($0)")?.previous }
    #expect(previous == [0, 5, 7, 7])
  }

  @Test("Unchanged if either is undefined (SEM-46)")
  func undefined() throws {
    let market = try Market {
      $0.subscription(seats: 1, from: "2024-01-01")
      $0.usage(at: "2024-01-10")
      $0.assignment(from: "2024-02-10")
      $0.assignment(assigned: false, from: "2024-03-10")
    }
    let indicators = (1...3).map { market.indicator(.mauPerAssignedSeat, in: "2024-0\($0)") }
    #expect(indicators[1] == Indicator(value: 1.0 / 12, previous: nil, trend: .unchanged, bar: 1))
    #expect(indicators[2] == Indicator(value: nil, previous: 1.0 / 12, trend: .unchanged, bar: nil))
  }

  @Test(
    "Previous is the value of the month before also where that has no snapshot, for want of eligibility (SEM-47)"
  )
  func previousNotEligible() throws {
    let market = try Market(partners: []) {
      $0.partner(from: "2024-03-01")
      $0.subscription(seats: 5, from: "2024-01-10")
      $0.subscription(seats: 3, from: "2024-03-10")
    }
    #expect(market.months() == ["2024-03"])
    #expect(
      market.indicator(.netPaidSeatsAdded, in: "2024-03")
        == Indicator(value: 3, previous: 5, trend: .down, bar: 1))
  }

  @Test("Exact where doubles are equal (SEM-51)")
  func exact() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      // So much that doubles are further apart than a millionth.
      for line in 1...20 { $0.line("a\(line)", micros: 1_000_000_000_000_000, at: "2024-01-10") }
      $0.line("b", micros: 1, at: "2024-02-10")
    }
    let revenue = try #require(market.indicator(.netNewRevenue, in: "2024-02"))
    #expect(revenue.value == revenue.previous)
    #expect(revenue.trend == .up)
  }

  @Test("Ratios are compared exactly: 2 users on 6 seats are 1 on 3 (SEM-51)")
  func exactRatio() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.usage(by: "a", at: "2024-01-10")
      $0.usage(by: "b", at: "2024-02-10")
      for user in 1...3 { $0.assignment(of: "\(user)", from: "2024-01-10") }
      for user in 4...6 { $0.assignment(of: "\(user)", from: "2024-02-10") }
    }
    #expect(
      market.indicator(.mauPerAssignedSeat, in: "2024-02")
        == Indicator(value: 1.0 / 36, previous: 1.0 / 36, trend: .unchanged, bar: 1))
  }
}
