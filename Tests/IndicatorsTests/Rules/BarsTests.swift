import Contract
import Testing

@Suite("Snapshots, trend, bars: bars")
struct BarsTests {
  /// A market of partners p0, p1, … whose net paid seats are `seats`.
  private func market(_ seats: [Int64]) throws -> Market {
    let partners = seats.indices.map { "p\($0)" }
    return try Market(partners: partners) {
      for (partner, seats) in zip(partners, seats) {
        $0.subscription(of: "customer of \(partner)", partner: partner, seats: seats, from: "2024-01-10")
        // So that a snapshot exists though there be no seats.
        $0.assignment(customer: "customer of \(partner)", from: "2024-01-10")
      }
    }
  }

  @Test(
    "The bar of a value is the least b with value <= q_b, q_b being the ceil(b*n/4)-th smallest (SEM-48)",
    arguments: [
      ([7], [1]),
      ([7, 8], [1, 3]),
      ([1, 2, 3], [1, 2, 3]),
      ([1, 2, 3, 4], [1, 2, 3, 4]),
      ([4, 3, 2, 1], [4, 3, 2, 1]),
      ([1, 2, 3, 4, 5], [1, 1, 2, 3, 4]),
      ([1, 2, 3, 4, 5, 6], [1, 1, 2, 3, 3, 4]),
      ([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 1, 2, 2, 3, 3, 4, 4]),
    ] as [([Int64], [Int32])])
  func quartiles(seats: [Int64], bars: [Int32]) throws {
    let market = try market(seats)
    #expect(
      seats.indices.map { market.indicator(.netPaidSeatsAdded, of: "p\($0)", in: "2024-01")?.bar } == bars)
  }

  @Test(
    "Equal values share a bar, and a bar may be empty (SEM-49)",
    arguments: [
      ([5, 5, 5, 5], [1, 1, 1, 1]),
      ([0, 0, 0, 9], [1, 1, 1, 4]),
      ([0, 9, 9, 9], [1, 2, 2, 2]),
      ([1, 1, 2, 2], [1, 1, 3, 3]),
    ] as [([Int64], [Int32])])
  func ties(seats: [Int64], bars: [Int32]) throws {
    let market = try market(seats)
    #expect(
      seats.indices.map { market.indicator(.netPaidSeatsAdded, of: "p\($0)", in: "2024-01")?.bar } == bars)
  }

  @Test("The range of a bar is the least and the greatest value in it, none for an empty one (SEM-50)")
  func ranges() throws {
    let market = try market([0, 10, 20, 30, 30, 30, 30, 50])
    let scale = try #require(market.scale(.netPaidSeatsAdded, in: "2024-01"))
    #expect(scale.partners == 8)
    #expect(
      scale.bars == [
        IndicatorScale.Bar(bar: 1, partners: 2, min: 0, max: 10),
        IndicatorScale.Bar(bar: 2, partners: 5, min: 20, max: 30),
        IndicatorScale.Bar(bar: 3, partners: 0, min: nil, max: nil),
        IndicatorScale.Bar(bar: 4, partners: 1, min: 50, max: 50),
      ])
  }

  @Test("Ranked are the snapshots with a value: of MAU per assigned seat those with seats (SEM-48)")
  func undefinedIsNotRanked() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(of: "acme", partner: "contoso", from: "2024-01-10")
      $0.subscription(of: "bolt", partner: "fabrikam", from: "2024-01-10")
      $0.assignment(customer: "bolt", from: "2024-01-10")
    }
    #expect(market.scale(.mauPerAssignedSeat, in: "2024-01")?.partners == 1)
    #expect(market.scale(.monthlyActiveUsers, in: "2024-01")?.partners == 2)
    #expect(market.indicator(.mauPerAssignedSeat, of: "contoso", in: "2024-01")?.bar == nil)
    #expect(market.indicator(.mauPerAssignedSeat, of: "fabrikam", in: "2024-01")?.bar == 1)
  }

  @Test("Each cell has its own bars (SEM-48)")
  func cells() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(of: "acme", partner: "contoso", seats: 5, from: "2024-01-10")
      $0.subscription(of: "bolt", partner: "fabrikam", product: "erp", seats: 9, from: "2024-01-10")
    }
    #expect(market.indicator(.netPaidSeatsAdded, of: "fabrikam", in: "2024-01")?.bar == 3)
    #expect(market.indicator(.netPaidSeatsAdded, of: "fabrikam", product: "erp", in: "2024-01")?.bar == 1)
  }

  @Test("A scale lists the seven indicators in their order, with four bars each")
  func scale() throws {
    let market = try market([5])
    for kind in IndicatorKind.allCases {
      let scale = try #require(market.scale(kind, in: "2024-01"))
      #expect(scale.bars.map(\.bar) == [1, 2, 3, 4])
    }
    #expect(market.scales(in: "2024-01") == ["||", "crm||", "crm|sales|"])
  }

  @Test("Values of different fractions are ranked exactly (SEM-51)")
  func exact() throws {
    // 1/3 of a user a seat twice, as 1/3 and as 2/6, and 3/10 below them.
    let market = try Market(partners: ["a", "b", "c"]) {
      for (partner, users, seats) in [("a", 1, 3), ("b", 2, 6), ("c", 3, 10)] {
        $0.subscription(of: partner, partner: partner, seats: 0, from: "2024-01-01")
        for user in 0..<users { $0.usage(by: "\(user)", of: partner, at: "2024-01-10") }
        for user in 0..<seats { $0.assignment(of: "\(user)", customer: partner, from: "2024-01-10") }
      }
    }
    let bars = ["a", "b", "c"].map { market.indicator(.mauPerAssignedSeat, of: $0, in: "2024-01")?.bar }
    #expect(bars == [2, 2, 1])
  }
}
