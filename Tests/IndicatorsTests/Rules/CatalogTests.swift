import Contract
import Testing

@Suite("Which events count for whom: the catalog")
struct CatalogTests {
  @Test("A subscription to a product that the catalog does not list counts nowhere (SEM-16)")
  func unlistedProduct() throws {
    let market = try Market {
      $0.subscription(product: "mail", from: "2024-01-01")
      $0.assignment(from: "2024-01-01")
      $0.instance(from: "2024-01-01")
      $0.usage(at: "2024-01-31")
      $0.line(amount: 5, at: "2024-01-31")
    }
    #expect(market.months() == [])
  }

  @Test("A subscription's unknown workload counts nowhere, the subscription itself does (SEM-16)")
  func unlistedWorkload() throws {
    let market = try Market {
      $0.subscription(workloads: ["mail", "finance", "sales", "sales"], from: "2024-01-01")
    }
    #expect(market.cells(in: "2024-01") == ["||", "crm||", "crm|sales|"])
    #expect(market.component(.seatsAdded, product: "crm", workload: "sales", in: "2024-01") == 10)
  }

  @Test("A subscription without a listed workload counts in its product and in all (SEM-16)")
  func noWorkload() throws {
    let market = try Market {
      $0.subscription(workloads: [], from: "2024-01-01")
    }
    #expect(market.cells(in: "2024-01") == ["||", "crm||"])
  }

  @Test(
    "Usage and instances in a workload that the product does not list count nowhere (SEM-16)",
    arguments: ["mail", "finance", ""])
  func usageElsewhere(workload: String) throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.usage(workload: workload, at: "2024-01-31")
      $0.instance(workload: workload, from: "2024-01-01")
    }
    #expect(market.months() == [])
  }

  @Test(
    "Usage and instances may be in a workload of the product that the subscription does not have (SEM-18)")
  func usageInAnotherWorkload() throws {
    let market = try Market {
      $0.subscription(workloads: ["sales"], seats: 0, from: "2024-01-01")
      $0.usage(workload: "service", at: "2024-01-31")
      $0.instance(workload: "service", from: "2024-01-01")
    }
    #expect(market.cells(in: "2024-01") == ["||", "crm||", "crm|service|"])
    #expect(market.component(.activeUsersMonth, product: "crm", workload: "service", in: "2024-01") == 1)
    #expect(market.component(.productionInstances, product: "crm", workload: "service", in: "2024-01") == 1)
  }

  @Test("An exam that the catalog does not list counts nowhere (SEM-16)")
  func unlistedExam() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass("A-0", at: "2024-01-10")
    }
    #expect(market.months() == [])
  }
}
