import Contract
import Testing

@Suite("Which events count for whom: eligible partners")
struct EligiblePartnerTests {
  private func isShown(_ build: (inout MarketEvents) -> Void) throws -> Bool {
    let market = try Market(partners: []) {
      build(&$0)
      $0.subscription(from: "2024-01-01")
    }
    return market.months() == ["2024-01"]
  }

  @Test("An MPN or a CSP account is needed (SEM-20)")
  func accounts() throws {
    #expect(try isShown { $0.partner(accounts: [.mpn]) })
    #expect(try isShown { $0.partner(accounts: [.csp]) })
    #expect(try isShown { $0.partner(accounts: [PartnerAccount(rawValue: 9), .csp]) })
    #expect(try !isShown { $0.partner(accounts: [PartnerAccount(rawValue: 9)]) })
    #expect(try !isShown { $0.partner(accounts: []) })
  }

  @Test("A partner in an excluded country is not eligible, one in no known country is (SEM-20)")
  func countries() throws {
    #expect(try isShown { $0.partner(country: "FR") })
    #expect(try isShown { $0.partner(country: "") })
    #expect(try !isShown { $0.partner(country: "CN") })
    #expect(try !isShown { $0.partner(country: "DE") })
  }

  @Test("An unknown partner is not eligible (SEM-22)")
  func unknown() throws {
    #expect(try !isShown { _ in })
    #expect(try !isShown { $0.partner(from: "2024-02-01") })
  }

  @Test("Customers and people in an excluded country count (SEM-20)")
  func countriesOfCustomers() throws {
    let market = try Market {
      $0.customer(country: "DE")
      $0.subscription(from: "2024-01-01")
      $0.affiliation(country: "CN")
      $0.pass(at: "2024-01-10")
    }
    #expect(market.snapshot(country: "DE", in: "2024-01") != nil)
    #expect(market.snapshot(country: "CN", in: "2024-01") != nil)
  }

  @Test("Eligible is who is in the month: others have no snapshot and are not ranked (SEM-21)")
  func byMonth() throws {
    let market = try Market(partners: ["fabrikam"]) {
      $0.partner("contoso", country: "FR", from: "2024-01-01")
      $0.partner("contoso", country: "DE", from: "2024-02-15")
      $0.partner("contoso", country: "FR", from: "2024-04-01")
      $0.subscription(of: "acme", partner: "contoso", from: "2023-12-01")
      $0.subscription(of: "bolt", partner: "fabrikam", from: "2023-12-01")
      $0.now("2024-04-15")
    }
    #expect(market.months(of: "contoso") == ["2024-01", "2024-04"])
    #expect(market.scale(.customersAdded, in: "2024-01")?.partners == 2)
    #expect(market.scale(.customersAdded, in: "2024-02")?.partners == 1)
  }
}
