import Contract
import Testing

@Suite("One rule for time")
struct OneRuleForTimeTests {
  @Test("A month begins with its first instant and ends before that of the next, in UTC (SEM-1)")
  func months() throws {
    let market = try Market {
      $0.subscription(from: "2023-01-01")
      $0.usage(by: "a", at: "2024-03-31T23:59:59.999999999Z")
      $0.usage(by: "b", at: "2024-04-01T00:00:00Z")
      $0.usage(by: "c", at: "2024-04-01T00:30:00+01:00")
    }
    #expect(market.component(.activeUsersMonth, in: "2024-03") == 2)
    #expect(market.component(.activeUsersMonth, in: "2024-04") == 1)
  }

  @Test("The state in a month is the last step before the end of it (SEM-2)")
  func lastStep() throws {
    let market = try Market {
      $0.subscription(seats: 1, from: "2024-01-10")
      $0.subscription(seats: 2, from: "2024-01-31T23:59:59.999999999Z")
      $0.subscription(seats: 4, from: "2024-02-01T00:00:00Z")
    }
    #expect(market.component(.seatsAdded, in: "2024-01") == 2)
    #expect(market.component(.seatsAdded, in: "2024-02") == 4)
  }

  @Test("Steps are ordered by time, whatever their revisions (SEM-2)")
  func timeBeforeRevision() throws {
    let market = try Market {
      $0.subscription(seats: 1, from: "2024-01-10", revision: 9)
      $0.subscription(seats: 2, from: "2024-01-11", revision: 1)
    }
    #expect(market.component(.seatsAdded, in: "2024-01") == 2)
  }

  @Test("Of steps at the same time the one with the greater revision, a number, is the last (SEM-2)")
  func revisionAtSameTime() throws {
    let market = try Market {
      $0.subscription(seats: 1, from: "2024-01-10", revision: 10)
      $0.subscription(seats: 2, from: "2024-01-10", revision: 9)
      $0.subscription(seats: 3, from: "2024-01-10", revision: -11)
    }
    #expect(market.component(.seatsAdded, in: "2024-01") == 1)
  }

  @Test("The highest revision of a billing line is the line, wherever it moves it (SEM-3)")
  func billingLineRevision() throws {
    let market = try Market {
      $0.subscription(from: "2023-01-01")
      $0.line(amount: 5, at: "2024-01-10", revision: 1)
      $0.line(amount: 7, at: "2024-03-10", revision: 3)
      $0.line(amount: 6, at: "2024-02-10", revision: 2)
    }
    #expect(market.component(.billedMicros, in: "2024-02") == 0)
    #expect(market.component(.billedMicros, in: "2024-03") == 7_000_000)
  }

  @Test("The highest revision of an exam pass is the pass (SEM-3)")
  func examPassRevision() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2024-01-10", revoked: true, revision: 2)
      $0.pass(at: "2024-01-10", revision: 1)
      $0.pass("S-2", at: "2024-02-10", revision: 2)
      $0.pass("S-2", at: "2024-02-10", revoked: true, revision: 1)
    }
    #expect(market.component(.certifiedIndividuals, in: "2024-01") == 0)
    #expect(market.component(.certifiedIndividuals, in: "2024-02") == 1)
  }

  @Test("Of events with the same order key the later record wins (SEM-4)")
  func sameOrderKey() throws {
    let market = try Market(orderMatters: true) {
      $0.subscription(seats: 1, from: "2024-01-10", revision: 1)
      $0.subscription(seats: 2, from: "2024-01-10", revision: 1)
      $0.line(amount: 5, at: "2024-01-10", revision: 1)
      $0.line(amount: 6, at: "2024-01-10", revision: 1)
      $0.affiliation()
      $0.pass(at: "2024-01-10", revision: 1)
      $0.pass(at: "2024-02-10", revision: 1)
    }
    #expect(market.component(.seatsAdded, in: "2024-01") == 2)
    #expect(market.component(.billedMicros, in: "2024-01") == 6_000_000)
    #expect(market.component(.certifiedIndividuals, in: "2024-01") == 0)
    #expect(market.component(.certifiedIndividuals, in: "2024-02") == 1)
  }

  @Test("A late step re-attributes the months that it covers, and no others (SEM-6)")
  func lateStep() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "contoso", from: "2024-01-01")
      for month in 1...5 { $0.line("l\(month)", amount: 1, at: "2024-0\(month)-10") }
      $0.subscription(partner: "contoso", from: "2024-04-01")
      $0.subscription(partner: "fabrikam", from: "2024-02-10")
    }
    #expect(market.component(.billedMicros, of: "contoso", in: "2024-05") == 3_000_000)
    #expect(market.component(.billedMicros, of: "fabrikam", in: "2024-05") == 2_000_000)
  }
}
