import Contract
import Testing

@Suite("The seven indicators: 4. Certified individuals")
struct CertifiedIndividualsTests {
  private func certified(_ market: Market, _ product: String = "", _ workload: String = "", in month: String)
    -> Int64
  {
    market.component(.certifiedIndividuals, product: product, workload: workload, in: month)
  }

  @Test(
    "An exam counts towards each workload that lists it; a person counts once in the product, and in all (SEM-35)"
  )
  func exams() throws {
    let market = try Market {
      $0.affiliation(of: "ada")
      $0.pass("S-2", by: "ada", at: "2024-01-10")
      $0.pass("S-1", by: "ada", at: "2024-01-10")
      $0.pass("F-1", by: "ada", at: "2024-01-10")
      $0.affiliation(of: "bea")
      $0.pass("V-1", by: "bea", at: "2024-01-10")
    }
    #expect(certified(market, "crm", "sales", in: "2024-01") == 1)
    #expect(certified(market, "crm", "service", in: "2024-01") == 2)
    #expect(certified(market, "crm", in: "2024-01") == 2)
    #expect(certified(market, "erp", "finance", in: "2024-01") == 1)
    #expect(certified(market, in: "2024-01") == 2)
  }

  @Test("Held is what was passed before the end of the month (SEM-36)")
  func passed() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2024-02-29T23:59:59.999999999Z")
      $0.affiliation(of: "bea")
      $0.pass(by: "bea", at: "2024-03-01")
    }
    #expect(certified(market, in: "2024-01") == 0)
    #expect(certified(market, in: "2024-02") == 1)
    #expect(certified(market, in: "2024-03") == 2)
  }

  @Test(
    "An exam that expires before the end of a month is not held in it; at the very end it still is (SEM-36)")
  func expired() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass("S-1", at: "2024-01-10", expires: "2024-04-01T00:00:00Z")
      $0.affiliation(of: "bea")
      $0.pass("S-1", by: "bea", at: "2024-01-10", expires: "2024-03-31T23:59:59.999999999Z")
      $0.now("2024-05-15")
    }
    #expect(certified(market, in: "2024-02") == 2)
    #expect(certified(market, in: "2024-03") == 1)
    #expect(certified(market, in: "2024-04") == 0)
  }

  @Test("An exam that expires a hundred years after it was passed is held for good (SEM-36)")
  func heldForGood() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass("S-1", at: "2001-01-31", expires: "2100-12-31T23:59:59.999999999Z")
      $0.affiliation(of: "bea")
      $0.pass("S-1", by: "bea", at: "2001-01-31", expires: "2101-01-01")
      $0.affiliation(of: "cleo")
      $0.pass("S-1", by: "cleo", at: "2001-01-31", expires: "9999-12-31")
      $0.now("2101-03-15")
    }
    #expect(certified(market, in: "2100-11") == 3)
    #expect(certified(market, in: "2100-12") == 2)
    #expect(certified(market, in: "2101-03") == 2)
  }

  @Test("An exam that had expired when it was passed was never held (SEM-36)")
  func expiredBeforePassed() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2024-01-10", expires: "2023-01-10")
    }
    #expect(market.months() == [])
  }

  @Test("One exam that is held is enough, and a person counts again with the next (SEM-35)")
  func gap() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass("S-1", at: "2024-01-10", expires: "2024-03-10")
      $0.pass("S-2", at: "2024-02-10", expires: "2024-04-10")
      $0.pass("V-1", at: "2024-05-10")
      $0.now("2024-05-15")
    }
    #expect((1...5).map { certified(market, in: "2024-0\($0)") } == [1, 1, 1, 0, 1])
    #expect((1...5).map { certified(market, "crm", "sales", in: "2024-0\($0)") } == [1, 1, 1, 0, 0])
  }

  @Test("A revoked pass is not held, in no month (SEM-36)")
  func revoked() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2024-01-10", revision: 1)
      $0.pass(at: "2024-01-10", revoked: true, revision: 2)
      $0.now("2024-05-15")
    }
    #expect(market.months() == [])
  }

  @Test("People count for the partner that they are affiliated with in the month, or for nobody (SEM-35)")
  func affiliation() throws {
    let market = try Market(partners: ["contoso", "fabrikam"]) {
      $0.pass(at: "2023-01-10")
      $0.affiliation(partner: "contoso", from: "2024-01-10")
      $0.affiliation(partner: "fabrikam", from: "2024-02-29")
      $0.affiliation(partner: "", from: "2024-04-10")
      $0.now("2024-05-15")
    }
    #expect(market.months(of: "contoso") == ["2024-01"])
    #expect(market.months(of: "fabrikam") == ["2024-02", "2024-03"])
  }

  @Test("The location is the affiliation's, and may be unknown (SEM-37)")
  func location() throws {
    let market = try Market {
      $0.pass(at: "2023-01-10")
      $0.affiliation(country: "BE", from: "2024-01-10")
      $0.affiliation(country: "", from: "2024-02-10")
      $0.customer("ada", country: "LU")
    }
    #expect(market.cells(in: "2024-01") == ["||", "crm||", "crm|sales|", "||BE", "crm||BE", "crm|sales|BE"])
    #expect(market.cells(in: "2024-02") == ["||", "crm||", "crm|sales|"])
  }

  @Test("A level, not a sum (SEM-37)")
  func level() throws {
    let market = try Market {
      $0.affiliation()
      $0.pass(at: "2020-01-10")
      $0.now("2024-05-15")
    }
    #expect(market.value(.certifiedIndividuals, in: "2024-05") == 1)
  }
}
