import Contract
import Testing

@Suite("The seven indicators: 1. Net new revenue")
struct NetNewRevenueTests {
  @Test("Billed less credited, over the month and the eleven before it (SEM-23)")
  func trailing() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2020-01-01")
      $0.line("a", amount: 100, at: "2023-01-01T00:00:00Z")
      $0.line("b", amount: -30, at: "2023-02-10")
      $0.line("c", amount: 5, micros: 1, at: "2023-12-31T23:59:59Z")
      $0.now("2024-06-15")
    }
    #expect(market.component(.billedMicros, in: "2023-12") == 105_000_001)
    #expect(market.component(.creditedMicros, in: "2023-12") == 30_000_000)
    #expect(market.value(.netNewRevenue, in: "2023-12") == 75.000001)
    #expect(market.value(.netNewRevenue, in: "2024-01") == -24.999999)
    #expect(market.value(.netNewRevenue, in: "2024-02") == 5.000001)
    #expect(market.component(.creditedMicros, in: "2024-02") == 0)
  }

  @Test("A line counts in the month of billed_at (SEM-23)")
  func month() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2020-01-01")
      $0.line("a", amount: 1, at: "2024-01-31T23:59:59.999999999Z")
      $0.line("b", amount: 2, at: "2024-02-01")
    }
    #expect(market.value(.netNewRevenue, in: "2024-01") == 1)
    #expect(market.value(.netNewRevenue, in: "2024-02") == 3)
  }

  @Test("Voided and off-cloud lines do not count (SEM-24)")
  func voidedAndOffCloud() throws {
    let market = try Market {
      $0.subscription(from: "2024-01-01")
      $0.line("a", amount: 1, voided: true, at: "2024-01-10")
      $0.line("b", amount: 2, offCloud: true, at: "2024-01-10")
      $0.line("c", amount: 4, at: "2024-01-10", revision: 1)
      $0.line("c", amount: 4, voided: true, at: "2024-01-10", revision: 2)
      $0.line("d", amount: 8, at: "2024-01-10")
    }
    #expect(market.value(.netNewRevenue, in: "2024-01") == 8)
  }

  @Test(
    "Only what PAID subscriptions bill counts (SEM-25)",
    arguments: [
      (SubscriptionKind.paid, 1), (.trial, 0), (.internalUse, 0), (.publicSector, 0),
      (SubscriptionKind(rawValue: 9), 0),
    ] as [(SubscriptionKind, Double)])
  func kind(_ kind: SubscriptionKind, revenue: Double) throws {
    let market = try Market {
      $0.subscription(kind: kind, from: "2024-01-01")
      $0.assignment(from: "2024-01-01")
      $0.line(amount: 1, at: "2024-01-10")
    }
    #expect(market.value(.netNewRevenue, in: "2024-01") == revenue)
  }

  @Test("It is the kind in the month of the line that counts (SEM-25)")
  func kindOfTheMonth() throws {
    let market = try Market {
      $0.subscription(kind: .trial, from: "2024-01-01")
      $0.subscription(kind: .paid, from: "2024-02-20")
      $0.line("a", amount: 1, at: "2024-01-10")
      $0.line("b", amount: 2, at: "2024-02-10")
    }
    #expect(market.value(.netNewRevenue, in: "2024-02") == 2)
  }

  @Test(
    "The status of the subscription does not matter (SEM-25)",
    arguments: [SubscriptionStatus.active, .inGrace, .suspended, .cancelled])
  func status(_ status: SubscriptionStatus) throws {
    let market = try Market {
      $0.subscription(status: status, from: "2024-01-01")
      $0.line(amount: 1, at: "2024-01-10")
    }
    #expect(market.value(.netNewRevenue, in: "2024-01") == 1)
  }

  @Test(
    "An enterprise agreement is new revenue in the first twelve months of its contract (SEM-26)",
    arguments: [
      ("2023-03-15T10:00:00Z", "2023-03-15T09:59:59.999999999Z", false),
      ("2023-03-15T10:00:00Z", "2023-03-15T10:00:00Z", true),
      ("2023-03-15T10:00:00Z", "2024-03-15T09:59:59.999999999Z", true),
      ("2023-03-15T10:00:00Z", "2024-03-15T10:00:00Z", false),
      ("2024-02-29T10:00:00Z", "2025-02-28T09:59:59.999999999Z", true),
      ("2024-02-29T10:00:00Z", "2025-02-28T10:00:00Z", false),
      ("2023-02-28T10:00:00Z", "2024-02-28T10:00:00Z", false),
      ("2023-12-31T23:59:59.5Z", "2024-12-31T23:59:59.499999999Z", true),
      ("1969-12-31T10:00:00Z", "2024-12-31T10:00:00Z", false),
    ])
  func enterpriseAgreement(contractStart: String, billedAt: String, counts: Bool) throws {
    let market = try Market {
      $0.subscription(from: "2020-01-01")
      $0.assignment(from: "2020-01-01")
      $0.line(amount: 1, program: .enterpriseAgreement, contractStart: contractStart, at: billedAt)
      $0.now("2025-02-28")
    }
    let month = String(billedAt.prefix(7))
    #expect(market.value(.netNewRevenue, in: month) == (counts ? 1 : 0))
  }

  @Test("It is the line's program that counts, and other programs need no contract (SEM-26)")
  func program() throws {
    let market = try Market {
      $0.subscription(program: .enterpriseAgreement, from: "2020-01-01")
      $0.line("a", amount: 1, program: .open, contractStart: "2010-01-01", at: "2024-01-10")
      $0.line("b", amount: 2, program: .cloudSolutionProvider, at: "2024-01-10")
      $0.line("c", amount: 4, program: .webDirect, at: "2024-01-10")
      $0.line("d", amount: 8, program: LicenseProgram(rawValue: 9), at: "2024-01-10")
    }
    #expect(market.value(.netNewRevenue, in: "2024-01") == 15)
  }

  @Test("There may be revenue without users")
  func withoutUsers() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.line(amount: 1, at: "2024-01-10")
    }
    #expect(market.value(.netNewRevenue, in: "2024-01") == 1)
    #expect(market.value(.monthlyActiveUsers, in: "2024-01") == 0)
  }
}
