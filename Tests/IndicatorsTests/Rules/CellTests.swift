import Contract
import Testing

@Suite("Which events count for whom: filters are cells")
struct CellTests {
  @Test(
    "A fact falls into all, its product and its workloads, everywhere and in the customer's country (SEM-17)")
  func cells() throws {
    let market = try Market {
      $0.customer(country: "BE")
      $0.subscription(workloads: ["sales", "service"], from: "2024-01-01")
    }
    #expect(
      market.cells(in: "2024-01") == [
        "||", "crm||", "crm|sales|", "crm|service|", "||BE", "crm||BE", "crm|sales|BE", "crm|service|BE",
      ])
  }

  @Test("It counts in full in each workload, once in the product and in all (SEM-19)")
  func inFull() throws {
    let market = try Market {
      $0.subscription(workloads: ["sales", "service"], from: "2024-01-01")
      $0.line(amount: 5, at: "2024-01-10")
      $0.assignment(from: "2024-01-10")
    }
    for (product, workload) in [("", ""), ("crm", ""), ("crm", "sales"), ("crm", "service")] {
      let components = try #require(
        market.snapshot(product: product, workload: workload, in: "2024-01")?.components)
      #expect(components[.billedMicros] == 5_000_000)
      #expect(components[.seatsAdded] == 10)
      #expect(components[.customersAdded] == 1)
      #expect(components[.assignedSeats] == 1)
    }
  }

  @Test("A customer whose country is not known counts everywhere only (SEM-17)", arguments: [nil, ""])
  func unknownCountry(country: String?) throws {
    let market = try Market {
      if let country { $0.customer(country: country) }
      $0.subscription(from: "2024-01-01")
    }
    #expect(market.cells(in: "2024-01") == ["||", "crm||", "crm|sales|"])
  }

  @Test("The country is that of the month, also in months that are summed (SEM-17)")
  func moving() throws {
    let market = try Market {
      $0.customer(country: "BE", from: "2024-01-01")
      $0.customer(country: "LU", from: "2024-03-31")
      $0.subscription(from: "2024-01-01")
      for month in 1...4 { $0.line("l\(month)", amount: 1, at: "2024-0\(month)-10") }
      $0.assignment(from: "2024-01-01")
    }
    #expect(market.component(.billedMicros, country: "BE", in: "2024-04") == 2_000_000)
    #expect(market.component(.billedMicros, country: "LU", in: "2024-04") == 2_000_000)
    #expect(market.component(.billedMicros, in: "2024-04") == 4_000_000)
    #expect(market.component(.assignedSeats, country: "BE", in: "2024-02") == 1)
    #expect(market.component(.assignedSeats, country: "BE", in: "2024-03") == 0)
    #expect(market.component(.assignedSeats, country: "LU", in: "2024-03") == 1)
  }
}
