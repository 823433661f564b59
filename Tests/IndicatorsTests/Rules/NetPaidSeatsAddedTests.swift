import Contract
import Testing

@Suite("The seven indicators: 3. Net paid seats added")
struct NetPaidSeatsAddedTests {
  @Test("Added less lost, over the month and the eleven before it (SEM-32)")
  func trailing() throws {
    let market = try Market {
      $0.subscription(seats: 10, from: "2023-01-10")
      $0.subscription(seats: 7, from: "2023-06-10")
      $0.subscription(seats: 9, from: "2023-12-10")
      $0.now("2024-06-15")
    }
    #expect(market.component(.seatsAdded, in: "2023-12") == 12)
    #expect(market.component(.seatsLost, in: "2023-12") == 3)
    #expect(market.value(.netPaidSeatsAdded, in: "2023-12") == 9)
    #expect(market.value(.netPaidSeatsAdded, in: "2024-01") == -1)
  }

  @Test(
    "Paid seats alone: a trial that is bought adds them, a suspension loses them, its end adds them (SEM-31)"
  )
  func paidSeats() throws {
    let market = try Market {
      $0.subscription(kind: .trial, from: "2024-01-10")
      $0.subscription(kind: .paid, from: "2024-02-10")
      $0.subscription(status: .suspended, from: "2024-03-10")
      $0.subscription(status: .inGrace, from: "2024-04-10")
    }
    #expect(market.component(.seatsAdded, in: "2024-02") == 10)
    #expect(market.component(.seatsLost, in: "2024-03") == 10)
    #expect(market.component(.seatsAdded, in: "2024-04") == 20)
  }

  @Test("Subscriptions add up each for itself: what one adds and another loses does not cancel out (SEM-32)")
  func eachSubscription() throws {
    let market = try Market {
      $0.subscription("s", seats: 10, from: "2024-01-10")
      $0.subscription("s", seats: 4, from: "2024-02-10")
      $0.subscription("t", seats: 6, from: "2024-02-10")
    }
    #expect(market.component(.seatsAdded, in: "2024-02") == 16)
    #expect(market.component(.seatsLost, in: "2024-02") == 6)
  }

  @Test(
    "A change of the partner of record alone moves no seats, a change of seats counts for the new one (SEM-34)"
  )
  func changeOfPartner() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "contoso", seats: 10, from: "2024-01-10")
      $0.subscription(partner: "fabrikam", seats: 10, from: "2024-02-10")
      $0.subscription(partner: "contoso", seats: 4, from: "2024-03-10")
      $0.assignment(from: "2024-01-10")
    }
    #expect(market.component(.seatsAdded, of: "contoso", in: "2024-01") == 10)
    #expect(market.component(.seatsAdded, of: "fabrikam", in: "2024-02") == 0)
    #expect(market.component(.seatsLost, of: "fabrikam", in: "2024-02") == 0)
    #expect(market.component(.seatsLost, of: "contoso", in: "2024-03") == 6)
  }

  @Test("Losses count for the partner, the product and the workloads of the month of the loss (SEM-33)")
  func lossesOfTheMonth() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "contoso", product: "crm", workloads: ["sales"], seats: 10, from: "2024-01-10")
      $0.subscription(
        partner: "fabrikam", product: "erp", workloads: ["finance"], seats: 4, from: "2024-02-10")
    }
    #expect(market.component(.seatsLost, of: "contoso", in: "2024-02") == 0)
    #expect(
      market.component(.seatsLost, of: "fabrikam", product: "erp", workload: "finance", in: "2024-02") == 6)
    #expect(market.component(.seatsAdded, of: "fabrikam", product: "erp", in: "2024-02") == 0)
  }

  @Test(
    "Seats that had no partner, or no product on offer, in the month before are compared all the same (SEM-32)"
  )
  func beforeItCounted() throws {
    let market = try Market {
      $0.subscription("s", partner: "", seats: 10, from: "2024-01-10")
      $0.subscription("s", partner: "contoso", seats: 12, from: "2024-02-10")
      $0.subscription("t", product: "mail", seats: 10, from: "2024-01-10")
      $0.subscription("t", product: "erp", workloads: [], seats: 15, from: "2024-02-10")
    }
    #expect(market.component(.seatsAdded, product: "crm", in: "2024-02") == 2)
    #expect(market.component(.seatsAdded, product: "erp", in: "2024-02") == 5)
  }

  @Test("A subscription that loses its partner, or leaves the catalog, loses no seats for anyone (SEM-33)")
  func noLongerCounted() throws {
    let market = try Market {
      $0.subscription("s", partner: "contoso", seats: 10, from: "2024-01-10")
      $0.subscription("s", partner: "", seats: 3, from: "2024-02-10")
      $0.subscription("t", product: "erp", workloads: [], seats: 10, from: "2024-01-10")
      $0.subscription("t", product: "mail", seats: 3, from: "2024-02-10")
    }
    #expect(market.component(.seatsLost, in: "2024-02") == 0)
    #expect(market.component(.seatsAdded, in: "2024-02") == 20)
  }
}
