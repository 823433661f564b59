import Contract
import Testing

@Suite("One rule for time: the current month")
struct CurrentMonthTests {
  @Test(
    "The current month is that of the newest event time, over all topics (SEM-7)",
    arguments: Topic.inputs.filter { $0 != .partners })
  func currentMonth(topic: Topic) throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2020-01-10")
      let newest = "2024-06-30T23:59:59.999999999Z"
      switch topic {
      case .usageActions: $0.usage(of: "other", workload: "unknown", at: newest)
      case .licenseAssignments: $0.assignment(customer: "other", from: newest)
      case .subscriptions: $0.subscription(of: "other", product: "unknown", from: newest)
      case .billingLines: $0.line(of: "other", voided: true, at: newest)
      case .instances: $0.instance(of: "other", deployed: false, from: newest)
      case .customers: $0.customer("other", country: "", from: newest)
      case .examPasses: $0.pass("unknown", by: "other", at: newest)
      default: $0.affiliation(of: "other", partner: "", from: newest)
      }
    }
    #expect(market.months().last == "2024-06")
  }

  @Test("An enrolment is an event like others: the current month may be that of it (SEM-7)")
  func currentMonthOfEnrolment() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2020-01-10")
      $0.partner("fabrikam", from: "2024-06-30")
    }
    #expect(market.months().last == "2024-06")
  }

  @Test(
    "An unintentional action, a superseded revision and an expired one move the current month, too (SEM-7)")
  func currentMonthOfWhatDoesNotCount() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2020-01-10")
      $0.line(at: "2024-05-01", revision: 2)
      $0.line(at: "2024-06-01", revision: 1)
      $0.usage(at: "2024-07-01", intentional: false)
    }
    #expect(market.months().last == "2024-07")
  }

  @Test("Neither an expiry nor a contract's start is an event time (SEM-7)")
  func noEventTimes() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2024-01-10", expires: "2099-12-31")
      $0.line(program: .enterpriseAgreement, contractStart: "2025-01-01", at: "2024-02-10")
    }
    #expect(market.months() == ["2024-01", "2024-02"])
  }

  @Test("Published are the current month and the 23 before it (SEM-9)")
  func publishedMonths() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2015-01-10")
      $0.now("2024-06-15")
    }
    #expect(market.months().count == 24)
    #expect(market.months().first == "2022-07")
    #expect(market.months().last == "2024-06")
  }

  @Test(
    "Usage and billing of 35 months ago still count, in the month before the first published one (SEM-10)")
  func oldestMonth() throws {
    let market = try Market {
      $0.subscription(from: "2015-01-01")
      $0.assignment(from: "2015-01-01")
      $0.usage(at: "2021-07-01")
      $0.line(amount: 12, at: "2021-07-01")
      $0.now("2024-06-15")
    }
    let oldest = try #require(market.snapshot(in: "2022-07"))
    #expect(oldest[.netNewRevenue]?.previous == 12)
    #expect(oldest[.netNewRevenue]?.value == 0)
    #expect(oldest[.monthlyActiveUsers]?.previous == 1.0 / 12)
    #expect(oldest[.monthlyActiveUsers]?.value == 0)
  }

  @Test("Older usage and billing count no more (SEM-10)")
  func expired() throws {
    let market = try Market {
      $0.subscription(from: "2015-01-01")
      $0.assignment(from: "2015-01-01")
      $0.usage(at: "2021-06-30T23:59:59.999999999Z")
      $0.line(amount: 12, at: "2021-06-30T23:59:59.999999999Z")
      $0.now("2024-06-15")
    }
    let oldest = try #require(market.snapshot(in: "2022-07"))
    #expect(oldest[.netNewRevenue]?.previous == 0)
    #expect(oldest[.monthlyActiveUsers]?.previous == 0)
  }

  @Test(
    "When the window moves on, its oldest month keeps the states that it needs, and those of the month before (SEM-11)"
  )
  func oldestMonthAfterMoving() throws {
    let market = try Market {
      $0.customer(country: "BE", from: "2019-01-01")
      $0.subscription(seats: 4, from: "2019-01-01")
      $0.subscription(seats: 10, from: "2021-07-10")
      $0.subscription(seats: 11, from: "2021-08-10")
      $0.customer(country: "LU", from: "2021-08-10")
      $0.usage(at: "2021-07-15")
      $0.line(amount: 12, at: "2021-07-15")
      // So that there is a snapshot in the first published month, whatever is gone.
      $0.customer("bolt", country: "BE", from: "2019-01-01")
      $0.subscription(of: "bolt", seats: 0, from: "2019-01-01")
      $0.assignment(customer: "bolt", from: "2019-01-01")
      // In the source partition of the customer, whose window it is.
      for customer in ["acme", "bolt"] { $0.usage(of: customer, at: "2024-06-15", intentional: false) }
    }
    let everywhere = try #require(market.snapshot(in: "2022-07"))
    #expect(everywhere[.netPaidSeatsAdded] == Indicator(value: 1, previous: 7, trend: .down, bar: 1))
    let there = try #require(market.snapshot(country: "BE", in: "2022-07"))
    #expect(there[.netPaidSeatsAdded] == Indicator(value: 0, previous: 6, trend: .down, bar: 1))
    #expect(there[.netNewRevenue] == Indicator(value: 0, previous: 12, trend: .down, bar: 1))
    #expect(there[.monthlyActiveUsers]?.previous == 1.0 / 12)
  }

  @Test("A revision that moves a line out of the window still supersedes the older ones (SEM-3, SEM-10)")
  func expiredRevision() throws {
    let market = try Market {
      $0.subscription(from: "2015-01-01")
      $0.assignment(from: "2015-01-01")
      $0.line(amount: 5, at: "2024-01-10", revision: 1)
      $0.line(amount: 5, at: "2019-01-10", revision: 2)
      $0.now("2024-06-15")
    }
    #expect(market.value(.netNewRevenue, in: "2024-06") == 0)
  }

  @Test("Timeline steps of long ago keep their effect (SEM-11)")
  func oldSteps() throws {
    let market = try Market {
      $0.subscription(from: "2003-02-01")
      $0.customer(country: "BE", from: "2003-02-01")
      $0.assignment(from: "2003-02-01")
      $0.instance(from: "2003-02-01")
      $0.affiliation(country: "BE", from: "2003-02-01")
      $0.pass(at: "2003-02-01")
      $0.now("2024-06-15")
    }
    for month in ["2022-07", "2024-06"] {
      let snapshot = try #require(market.snapshot(country: "BE", in: month))
      #expect(snapshot.components?[.assignedSeats] == 1)
      #expect(snapshot.components?[.productionInstances] == 1)
      #expect(snapshot.components?[.certifiedIndividuals] == 1)
      #expect(snapshot.components?[.seatsAdded] == 0)
    }
  }
}
