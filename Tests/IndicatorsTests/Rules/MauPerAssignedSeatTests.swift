import Contract
import Testing

@Suite("The seven indicators: 7. MAU per assigned seat")
struct MauPerAssignedSeatTests {
  @Test("Monthly active users by the seats that are assigned in the month (SEM-42)")
  func ratio() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      for user in ["a", "b", "c"] { $0.usage(by: user, at: "2024-01-10") }
      $0.assignment(of: "a", from: "2024-01-10")
      $0.assignment(of: "b", from: "2024-01-10")
      $0.assignment(of: "a", assigned: false, from: "2024-02-10")
      $0.now("2024-02-15")
    }
    #expect(market.component(.assignedSeats, in: "2024-01") == 2)
    #expect(market.value(.mauPerAssignedSeat, in: "2024-01") == 0.125)
    #expect(market.value(.mauPerAssignedSeat, in: "2024-02") == 0.25)
  }

  @Test("Undefined where no seat is assigned, zero where nobody is active (SEM-42)")
  func undefined() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.usage(at: "2024-01-10")
      $0.subscription("t", product: "erp", seats: 0, from: "2024-01-01")
      $0.assignment(subscription: "t", from: "2024-02-10")
    }
    let crm = try #require(market.indicator(.mauPerAssignedSeat, product: "crm", in: "2024-02"))
    #expect(crm == Indicator(value: nil, previous: nil, trend: .unchanged, bar: nil))
    let erp = try #require(market.indicator(.mauPerAssignedSeat, product: "erp", in: "2024-02"))
    #expect(erp == Indicator(value: 0, previous: nil, trend: .unchanged, bar: 1))
  }

  @Test("A user with seats in two subscriptions has two (SEM-43)")
  func pairs() throws {
    let market = try Market {
      $0.subscription("s", seats: 0, from: "2024-01-01")
      $0.subscription("t", seats: 0, from: "2024-01-01")
      $0.assignment(subscription: "s", from: "2024-01-10")
      $0.assignment(subscription: "t", from: "2024-01-10")
    }
    #expect(market.component(.assignedSeats, in: "2024-01") == 2)
  }

  @Test(
    "On subscriptions of any kind that are ACTIVE or IN_GRACE in the month (SEM-43)",
    arguments: [
      (SubscriptionKind.paid, SubscriptionStatus.active, 1), (.trial, .inGrace, 1),
      (.internalUse, .active, 1),
      (.publicSector, .inGrace, 1), (SubscriptionKind(rawValue: 9), .active, 1), (.paid, .suspended, 0),
      (.paid, .cancelled, 0), (.paid, SubscriptionStatus(rawValue: 9), 0),
    ] as [(SubscriptionKind, SubscriptionStatus, Int64)])
  func kindAndStatus(kind: SubscriptionKind, status: SubscriptionStatus, seats: Int64) throws {
    let market = try Market {
      $0.subscription(seats: 0, kind: kind, status: status, from: "2024-01-01")
      $0.assignment(from: "2024-01-10")
    }
    #expect(market.component(.assignedSeats, in: "2024-01") == seats)
  }

  @Test("A level: assigned before the window, still assigned (SEM-43)")
  func level() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2010-01-01")
      $0.assignment(from: "2010-01-10")
      $0.assignment(assigned: false, from: "2024-03-01")
      $0.now("2024-03-15")
    }
    #expect(market.component(.assignedSeats, in: "2024-02") == 1)
    #expect(market.months().last == "2024-02")
  }
}
