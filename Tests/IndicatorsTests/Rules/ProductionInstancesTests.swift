import Contract
import Testing

@Suite("The seven indicators: 5. Production instances")
struct ProductionInstancesTests {
  @Test("Instances count while they are deployed and PRODUCTION (SEM-38)")
  func deployedProduction() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.instance("a", from: "2024-01-10")
      $0.instance("a", deployed: false, from: "2024-04-10")
      $0.instance("b", environment: .sandbox, from: "2024-01-10")
      $0.instance("b", environment: .production, from: "2024-03-10")
      $0.instance("c", environment: Environment(rawValue: 9), from: "2024-01-10")
      $0.now("2024-05-15")
    }
    let counts = (1...5).map { market.component(.productionInstances, in: "2024-0\($0)") }
    #expect(counts == [1, 1, 2, 1, 1])
  }

  @Test("By the subscription's partner of record in the month, whatever its kind and status (SEM-38)")
  func partner() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.subscription(partner: "contoso", kind: .trial, status: .suspended, from: "2024-01-01")
      $0.subscription(partner: "fabrikam", kind: .internalUse, status: .cancelled, from: "2024-03-01")
      $0.instance(from: "2023-06-10")
      $0.now("2024-04-15")
    }
    #expect(market.months(of: "contoso") == ["2024-01", "2024-02"])
    #expect(market.months(of: "fabrikam") == ["2024-03", "2024-04"])
  }

  @Test("An instance counts in its own workload, which may change (SEM-18)")
  func workload() throws {
    let market = try Market {
      $0.subscription(workloads: ["sales", "service"], seats: 0, from: "2024-01-01")
      $0.instance(workload: "sales", from: "2024-01-10")
      $0.instance(workload: "service", from: "2024-02-10")
      $0.instance(workload: "finance", from: "2024-03-10")
      $0.now("2024-03-15")
    }
    #expect(market.cells(in: "2024-01") == ["||", "crm||", "crm|sales|"])
    #expect(market.cells(in: "2024-02") == ["||", "crm||", "crm|service|"])
    #expect(market.cells(in: "2024-03") == [])
  }
}
