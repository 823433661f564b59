import Contract
import Testing

@Suite("Which events count for whom")
struct WhichEventsCountTests {
  @Test("A fact on a subscription without a state in the month counts for nobody (SEM-13)")
  func noState() throws {
    let market = try Market {
      $0.usage(at: "2024-01-31")
      $0.line(amount: 5, at: "2024-01-31")
      $0.subscription(seats: 0, from: "2024-02-01")
      $0.now("2024-03-01")
    }
    #expect(market.months() == [])
  }

  @Test("It is the state at the end of the month that counts, not that at the fact's own time (SEM-12)")
  func stateOfTheMonth() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "fabrikam", from: "2024-01-01")
      $0.usage(at: "2024-02-01")
      $0.line(amount: 5, at: "2024-02-01")
      $0.subscription(partner: "contoso", from: "2024-02-28")
    }
    #expect(market.component(.billedMicros, of: "fabrikam", in: "2024-02") == 0)
    #expect(market.component(.billedMicros, of: "contoso", in: "2024-02") == 5_000_000)
    #expect(market.component(.activeUsersMonth, of: "contoso", in: "2024-02") == 1)
  }

  @Test("A subscription without a partner of record counts for nobody (SEM-13)")
  func noPartner() throws {
    let market = try Market {
      $0.subscription(partner: "", from: "2024-01-01")
      $0.assignment(from: "2024-01-01")
      $0.instance(from: "2024-01-01")
      $0.usage(at: "2024-01-31")
      $0.line(amount: 5, at: "2024-01-31")
    }
    #expect(market.months() == [])
  }

  @Test("Ids of subscriptions, users and lines are unique within their customer only (SEM-14)")
  func idsWithinCustomer() throws {
    let market = try Market {
      for customer in ["acme", "bolt"] {
        $0.subscription(of: customer, from: "2024-01-01")
        $0.assignment(customer: customer, from: "2024-01-01")
        $0.instance(of: customer, from: "2024-01-01")
        $0.usage(of: customer, at: "2024-01-31")
        $0.line(of: customer, amount: 5, at: "2024-01-31")
      }
    }
    let components = try #require(market.snapshot(in: "2024-01")?.components)
    #expect(components[.billedMicros] == 10_000_000)
    #expect(components[.seatsAdded] == 20)
    #expect(components[.productionInstances] == 2)
    #expect(components[.activeUsersMonth] == 2)
    #expect(components[.assignedSeats] == 2)
  }

  @Test(
    "A line id is unique within the customer: another subscription's line of that id is a revision of it (SEM-14)"
  )
  func lineMovesBetweenSubscriptions() throws {
    let market = try Market {
      $0.subscription("s", workloads: ["sales"], from: "2024-01-01")
      $0.subscription("t", workloads: ["service"], from: "2024-01-01")
      $0.line(subscription: "s", amount: 5, at: "2024-01-31", revision: 1)
      $0.line(subscription: "t", amount: 7, at: "2024-01-31", revision: 2)
    }
    #expect(market.component(.billedMicros, product: "crm", workload: "sales", in: "2024-01") == 0)
    #expect(market.component(.billedMicros, product: "crm", workload: "service", in: "2024-01") == 7_000_000)
    #expect(market.component(.billedMicros, in: "2024-01") == 7_000_000)
  }

  @Test("Instances of the same id in two subscriptions are two (SEM-14)")
  func instancesWithinSubscription() throws {
    let market = try Market {
      $0.subscription("s", from: "2024-01-01")
      $0.subscription("t", from: "2024-01-01")
      $0.instance(subscription: "s", from: "2024-01-01")
      $0.instance(subscription: "t", from: "2024-01-01")
    }
    #expect(market.component(.productionInstances, in: "2024-01") == 2)
  }

  @Test("Ids that Unicode takes for equivalent are different ids (SEM-15)")
  func unicodeEquivalence() throws {
    let market = try Market(partners: ["\u{e9}", "e\u{301}"]) {
      $0.subscription("\u{e9}", partner: "\u{e9}", seats: 1, from: "2024-01-01")
      $0.subscription("e\u{301}", partner: "e\u{301}", seats: 2, from: "2024-01-01")
      $0.usage(by: "\u{e9}", subscription: "\u{e9}", at: "2024-01-10")
      $0.usage(by: "e\u{301}", subscription: "\u{e9}", at: "2024-01-10")
    }
    #expect(market.component(.seatsAdded, of: "\u{e9}", in: "2024-01") == 1)
    #expect(market.component(.seatsAdded, of: "e\u{301}", in: "2024-01") == 2)
    #expect(market.component(.activeUsersMonth, of: "\u{e9}", in: "2024-01") == 2)
  }
}
