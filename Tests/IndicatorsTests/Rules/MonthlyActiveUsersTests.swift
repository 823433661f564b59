import Contract
import Testing

@Suite("The seven indicators: 6. Monthly active users")
struct MonthlyActiveUsersTests {
  @Test("The distinct users of twelve months, by twelve; and those of the month alone (SEM-39, SEM-41)")
  func distinct() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2020-01-01")
      $0.usage(by: "a", at: "2023-01-01")
      $0.usage(by: "a", at: "2023-06-10")
      $0.usage(by: "b", at: "2023-06-10")
      $0.usage(by: "b", at: "2023-06-11")
      $0.usage(by: "c", at: "2023-12-10")
      $0.now("2024-06-15")
    }
    #expect(market.component(.activeUsers12Months, in: "2023-12") == 3)
    #expect(market.value(.monthlyActiveUsers, in: "2023-12") == 0.25)
    #expect(market.component(.activeUsersMonth, in: "2023-06") == 2)
    #expect(market.component(.activeUsersMonth, in: "2023-12") == 1)
    #expect(market.component(.activeUsers12Months, in: "2024-05") == 3)
    #expect(market.component(.activeUsers12Months, in: "2024-06") == 1)
  }

  @Test("Unintentional actions never count (SEM-40)")
  func unintentional() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.usage(at: "2024-01-10", intentional: false)
    }
    #expect(market.months() == [])
  }

  @Test("A user is the customer's, over all of its subscriptions and workloads (SEM-40)")
  func userOfCustomer() throws {
    let market = try Market {
      $0.subscription("s", of: "acme", seats: 0, from: "2024-01-01")
      $0.subscription("t", of: "acme", seats: 0, from: "2024-01-01")
      $0.subscription("s", of: "bolt", seats: 0, from: "2024-01-01")
      $0.usage(by: "u", of: "acme", subscription: "s", workload: "sales", at: "2024-01-10")
      $0.usage(by: "u", of: "acme", subscription: "t", workload: "service", at: "2024-01-10")
      $0.usage(by: "u", of: "bolt", subscription: "s", workload: "sales", at: "2024-01-10")
    }
    #expect(market.component(.activeUsersMonth, in: "2024-01") == 2)
    #expect(market.component(.activeUsersMonth, product: "crm", in: "2024-01") == 2)
    #expect(market.component(.activeUsersMonth, product: "crm", workload: "sales", in: "2024-01") == 2)
    #expect(market.component(.activeUsersMonth, product: "crm", workload: "service", in: "2024-01") == 1)
  }

  @Test(
    "Active for whoever is of record in the month of the action, also later in the twelve months (SEM-40)")
  func partnerOfTheMonth() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "contoso", seats: 0, from: "2024-01-01")
      $0.subscription(partner: "fabrikam", seats: 0, from: "2024-03-01")
      $0.usage(by: "a", at: "2024-01-10")
      $0.usage(by: "b", at: "2024-01-10")
      $0.usage(by: "a", at: "2024-03-10")
      $0.now("2024-04-15")
    }
    #expect(market.component(.activeUsers12Months, of: "contoso", in: "2024-04") == 2)
    #expect(market.component(.activeUsers12Months, of: "fabrikam", in: "2024-04") == 1)
    #expect(market.component(.activeUsersMonth, of: "contoso", in: "2024-03") == 0)
  }

  @Test("Active where the customer was in the month of the action (SEM-17)")
  func locationOfTheMonth() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.customer(country: "BE", from: "2024-01-01")
      $0.customer(country: "LU", from: "2024-02-01")
      $0.customer(country: "BE", from: "2024-03-01")
      $0.usage(by: "a", at: "2024-01-10")
      $0.usage(by: "a", at: "2024-02-10")
      $0.usage(by: "b", at: "2024-02-10")
      $0.usage(by: "a", at: "2024-03-10")
    }
    #expect(market.component(.activeUsers12Months, country: "BE", in: "2024-03") == 1)
    #expect(market.component(.activeUsers12Months, country: "LU", in: "2024-03") == 2)
    #expect(market.component(.activeUsers12Months, in: "2024-03") == 2)
  }

  @Test("There may be users without revenue: any kind and any status of subscription counts (SEM-40)")
  func kindAndStatus() throws {
    let market = try Market {
      $0.subscription("s", kind: .trial, status: .suspended, from: "2024-01-01")
      $0.subscription("t", kind: .publicSector, status: .cancelled, from: "2024-01-01")
      $0.usage(by: "a", subscription: "s", at: "2024-01-10")
      $0.usage(by: "b", subscription: "t", at: "2024-01-10")
    }
    #expect(market.component(.activeUsersMonth, in: "2024-01") == 2)
    #expect(market.value(.netNewRevenue, in: "2024-01") == 0)
  }
}
