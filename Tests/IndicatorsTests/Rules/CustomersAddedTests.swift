import Contract
import Testing

@Suite("The seven indicators: 2. Customers added")
struct CustomersAddedTests {
  @Test(
    "A customer is added in the month in which it first has paid seats, and lost in that in which it has none (SEM-27)"
  )
  func addedAndLost() throws {
    let market = try Market {
      $0.subscription(seats: 10, from: "2024-01-10")
      $0.subscription(seats: 0, from: "2024-03-10")
      $0.subscription(seats: 5, from: "2024-05-10")
      $0.now("2024-06-15")
    }
    func added(_ month: String) -> Int64 { market.component(.customersAdded, in: month) }
    func lost(_ month: String) -> Int64 { market.component(.customersLost, in: month) }
    #expect([added("2024-01"), added("2024-02"), added("2024-03"), added("2024-05")] == [1, 1, 1, 2])
    #expect([lost("2024-02"), lost("2024-03"), lost("2024-06")] == [0, 1, 1])
    #expect(market.value(.customersAdded, in: "2024-06") == 2)
  }

  @Test("Summed over the month and the eleven before it (SEM-27)")
  func trailing() throws {
    let market = try Market {
      $0.subscription(seats: 10, from: "2023-01-10")
      $0.now("2024-06-15")
    }
    #expect(market.component(.customersAdded, in: "2023-12") == 1)
    #expect(market.component(.customersAdded, in: "2024-01") == 0)
  }

  @Test("Seats that come and go within a month are none (SEM-27)")
  func withinAMonth() throws {
    let market = try Market {
      $0.subscription(seats: 10, from: "2024-01-10")
      $0.subscription(seats: 0, from: "2024-01-20")
    }
    #expect(market.months() == [])
  }

  @Test(
    "Paid seats are those of PAID subscriptions that are ACTIVE or IN_GRACE (SEM-31)",
    arguments: [
      (SubscriptionKind.paid, SubscriptionStatus.active, 1), (.paid, .inGrace, 1), (.paid, .suspended, 0),
      (.paid, .cancelled, 0), (.trial, .active, 0), (.internalUse, .active, 0), (.publicSector, .active, 0),
      (.paid, SubscriptionStatus(rawValue: 9), 0), (SubscriptionKind(rawValue: 9), .active, 0),
    ] as [(SubscriptionKind, SubscriptionStatus, Int64)])
  func paidSeats(kind: SubscriptionKind, status: SubscriptionStatus, added: Int64) throws {
    let market = try Market {
      $0.subscription(kind: kind, status: status, from: "2024-01-10")
    }
    #expect(market.component(.customersAdded, in: "2024-01") == added)
  }

  @Test("A further subscription adds no customer, in the sides that it shares (SEM-27)")
  func furtherSubscription() throws {
    let market = try Market {
      $0.subscription("s", product: "crm", workloads: ["sales"], from: "2024-01-10")
      $0.subscription("t", product: "crm", workloads: ["service"], from: "2024-02-10")
      $0.subscription("u", product: "erp", workloads: ["finance"], from: "2024-03-10")
    }
    #expect(market.component(.customersAdded, in: "2024-03") == 1)
    #expect(market.component(.customersAdded, product: "crm", in: "2024-03") == 1)
    #expect(market.component(.customersAdded, product: "crm", workload: "service", in: "2024-01") == 0)
    #expect(market.component(.customersAdded, product: "crm", workload: "service", in: "2024-03") == 1)
    #expect(market.component(.customersAdded, product: "erp", in: "2024-03") == 1)
  }

  @Test("Moving seats from one subscription to another neither adds nor loses the customer (SEM-27)")
  func movedSeats() throws {
    let market = try Market {
      $0.subscription("s", seats: 5, from: "2024-01-10")
      $0.subscription("s", seats: 0, from: "2024-02-10")
      $0.subscription("t", seats: 5, from: "2024-02-20")
    }
    #expect(market.component(.customersAdded, in: "2024-02") == 1)
    #expect(market.component(.customersLost, in: "2024-02") == 0)
  }

  @Test("Added once for every distinct partner of record of a subscription with paid seats (SEM-28)")
  func distinctPartners() throws {
    let market = try Market(partners: ["contoso", "fabrikam", "unpaid"]) {
      $0.subscription("s", partner: "contoso", from: "2024-01-10")
      $0.subscription("t", partner: "contoso", from: "2024-01-10")
      $0.subscription("u", partner: "fabrikam", from: "2024-01-10")
      $0.subscription("v", partner: "unpaid", seats: 0, from: "2024-01-10")
      $0.assignment(subscription: "v", from: "2024-01-10")
    }
    #expect(market.component(.customersAdded, of: "contoso", in: "2024-01") == 1)
    #expect(market.component(.customersAdded, of: "fabrikam", in: "2024-01") == 1)
    #expect(market.component(.customersAdded, of: "unpaid", in: "2024-01") == 0)
  }

  @Test("Lost by every distinct partner that was of record in the month before (SEM-29)")
  func lostByThePartnerBefore() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "contoso", from: "2024-01-10")
      $0.subscription(partner: "fabrikam", seats: 0, from: "2024-02-10")
      $0.assignment(from: "2024-01-10")
    }
    #expect(market.component(.customersLost, of: "contoso", in: "2024-02") == 1)
    #expect(market.component(.customersLost, of: "fabrikam", in: "2024-02") == 0)
  }

  @Test("A change of the partner of record alone adds and loses nothing (SEM-28, SEM-29)")
  func changeOfPartner() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "contoso", from: "2024-01-10")
      $0.subscription(partner: "fabrikam", from: "2024-02-10")
      $0.assignment(from: "2024-01-10")
    }
    #expect(market.component(.customersLost, of: "contoso", in: "2024-02") == 0)
    #expect(market.component(.customersAdded, of: "fabrikam", in: "2024-02") == 0)
  }

  @Test("Paid seats without a partner of record, too, make the customer one already (SEM-27)")
  func seatsWithoutPartner() throws {
    let market = try Market {
      $0.subscription("s", partner: "", from: "2024-01-10")
      $0.subscription("t", partner: "contoso", from: "2024-02-10")
      $0.subscription("u", partner: "unknown", product: "erp", workloads: [], from: "2024-01-10")
      $0.subscription("v", partner: "contoso", product: "erp", workloads: [], from: "2024-02-10")
    }
    #expect(market.component(.seatsAdded, in: "2024-02") == 20)
    #expect(market.component(.customersAdded, in: "2024-02") == 0)
    #expect(market.component(.customersAdded, product: "erp", in: "2024-02") == 0)
  }

  @Test("Seats of an unlisted product do not (SEM-16)")
  func seatsOffCatalog() throws {
    let market = try Market {
      $0.subscription("s", product: "mail", from: "2024-01-10")
      $0.subscription("t", from: "2024-02-10")
    }
    #expect(market.component(.customersAdded, in: "2024-02") == 1)
  }

  @Test("A subscription that changes its product loses the customer in one and adds it in the other")
  func changeOfProduct() throws {
    let market = try Market {
      $0.subscription(product: "crm", workloads: ["sales"], from: "2024-01-10")
      $0.subscription(product: "erp", workloads: ["finance"], from: "2024-02-10")
    }
    #expect(market.component(.customersLost, product: "crm", in: "2024-02") == 1)
    #expect(market.component(.customersAdded, product: "erp", in: "2024-02") == 1)
    #expect(market.component(.customersAdded, in: "2024-02") == 1)
    #expect(market.component(.customersLost, in: "2024-02") == 0)
  }

  @Test("A loss, too, is where the customer is in the month of the loss (SEM-30)")
  func locationOfLoss() throws {
    let market = try Market {
      $0.customer(country: "BE", from: "2024-01-01")
      $0.customer(country: "LU", from: "2024-02-01")
      $0.subscription(from: "2024-01-10")
      $0.subscription(seats: 0, from: "2024-02-10")
    }
    #expect(market.component(.customersAdded, country: "BE", in: "2024-02") == 1)
    #expect(market.component(.customersLost, country: "BE", in: "2024-02") == 0)
    #expect(market.component(.customersLost, country: "LU", in: "2024-02") == 1)
  }

  @Test("The first month that counts compares with the one before it, whenever that becomes known")
  func firstMonth() throws {
    let market = try Market {
      $0.now("2024-06-15")
      $0.assignment(from: "2015-01-01")
      $0.subscription(seats: 10, from: "2021-07-10")
      $0.subscription(seats: 4, from: "2019-01-01")
    }
    let oldest = try #require(market.snapshot(in: "2022-07"))
    #expect(oldest[.customersAdded]?.previous == 0)
    #expect(oldest[.netPaidSeatsAdded]?.previous == 6)
  }
}
