import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Explanations")
struct ExplanationTests {
  private func explain(
    _ query: ExplanationQuery, of partner: String = "contoso", _ build: (inout MarketEvents) -> Void
  ) throws -> Explanation {
    var events = MarketEvents()
    build(&events)
    var explainer = Explainer(catalog: try Catalog(json: Market.catalog), log: events.log)
    let answer = explainer.explain(partner, query)
    return try #require(answer)
  }

  private let june = Month(year: 2024, month: 6)

  @Test("Nothing is told of subscriptions and people that another partner always had")
  func strangers() throws {
    let explanation = try explain(ExplanationQuery(month: june)) {
      $0.partner("contoso")
      $0.subscription(from: "2020-01-01")
      $0.subscription("t", partner: "fabrikam", from: "2020-01-01")
      $0.line("a", amount: 1, at: "2024-06-10")
      $0.line("b", subscription: "t", amount: 2, at: "2024-06-10")
      $0.usage(subscription: "t", at: "2024-06-10")
      $0.affiliation(partner: "fabrikam")
      $0.pass(at: "2024-01-01")
    }
    #expect(explanation.facts.filter { $0.subscription == "t" || $0.owner == "ada" } == [])
    #expect(explanation.facts.filter { $0.kind == .billingLine }.map(\.name) == ["a"])
  }

  @Test("Of what happened at another partner's time, a partner sees that there is something")
  func limitedToOwn() throws {
    let explanation = try explain(ExplanationQuery(month: june, indicator: .netNewRevenue)) {
      $0.partner("contoso")
      $0.subscription(partner: "fabrikam", from: "2020-01-01")
      $0.subscription(from: "2024-06-01")
      $0.line("a", amount: 1, at: "2024-05-10")
      $0.line("b", amount: 2, at: "2024-06-10")
    }
    #expect(explanation.facts.map(\.reason) == [nil, .otherPartner])
    let own = explanation.limitedToOwn
    #expect(own.facts.map(\.name) == ["b"])
    #expect(own.isPartial)
    #expect(own.total == explanation.total)
    #expect(!own.limitedToOwn.isPartial)
  }

  @Test(
    "A partner sees an exam that was passed before a person came, and none that came after the person left")
  func examsElsewhere() throws {
    let query = ExplanationQuery(month: june, indicator: .certifiedIndividuals)
    let explanation = try explain(query) {
      $0.partner("contoso")
      $0.affiliation(partner: "fabrikam", from: "2023-01-01")
      $0.affiliation(partner: "contoso", from: "2024-01-01")
      $0.affiliation(partner: "fabrikam", from: "2024-07-01")
      $0.pass("S-1", at: "2023-05-01")
      $0.pass("S-2", at: "2024-08-01")
      $0.affiliation(of: "bob", partner: "contoso", from: "2023-01-01")
      $0.affiliation(of: "bob", partner: "fabrikam", from: "2024-01-01")
      $0.pass("S-1", by: "bob", at: "2023-05-01")
      $0.now("2024-08-15")
    }
    #expect(explanation.limitedToOwn.facts.map { "\($0.owner) \($0.name)" } == ["ada S-1"])
    #expect(explanation.limitedToOwn.isPartial)
  }

  @Test("A customer that another partner won and lost after the own time is not told")
  func customersElsewhere() throws {
    let query = ExplanationQuery(month: june, indicator: .customersAdded)
    let explanation = try explain(query) {
      $0.partner("contoso")
      $0.subscription(seats: 0, from: "2020-01-01")
      $0.subscription(partner: "fabrikam", seats: 5, from: "2024-02-01")
      $0.subscription(partner: "fabrikam", seats: 0, from: "2024-03-01")
      $0.subscription(of: "bolt", from: "2020-01-01")
      $0.subscription(of: "bolt", partner: "fabrikam", from: "2021-01-01")
      $0.now("2024-06-15")
    }
    #expect(explanation.facts.count == 3)
    #expect(explanation.limitedToOwn.facts == [])
  }

  @Test("Without their names, users are counted by customer, month and reason, and add up to the same")
  func users() throws {
    let query = ExplanationQuery(month: june, indicator: .mauPerAssignedSeat)
    let explanation = try explain(query) {
      $0.partner("contoso")
      $0.subscription(from: "2020-01-01")
      for user in ["ada", "bob", "eve"] {
        $0.usage(by: user, at: "2024-06-10")
        $0.assignment(of: user, from: "2024-01-01")
      }
      $0.usage(by: "ada", at: "2024-05-10")
      $0.usage(by: "bot", at: "2024-06-10", intentional: false)
    }
    let nameless = explanation.withoutUsers
    #expect(nameless.total == explanation.total)
    #expect(nameless.counts.map(\.facts) == explanation.counts.map(\.facts))
    #expect(nameless.facts.allSatisfy { $0.name.isEmpty && $0.subscription.isEmpty })
    #expect(
      nameless.facts.map {
        "\($0.kind) \($0.month?.description ?? "-") \($0.users ?? 0) \($0.reason?.rawValue ?? "counts")"
      }
      .sorted() == [
        "assignment - 3 counts", "usage 2024-05 1 counts", "usage 2024-06 1 counts",
        "usage 2024-06 1 unintentional",
        "usage 2024-06 2 counts",
      ])
    var json = JSONWriter()
    nameless.write(to: &json)
    #expect(!String(decoding: json.bytes, as: UTF8.self).contains("ada"))
  }

  @Test("A refused event is told with its refusal, once, if it is of the partner's own time")
  func refused() throws {
    let explanation = try explain(ExplanationQuery(month: june, indicator: .netNewRevenue)) {
      $0.partner("contoso")
      $0.subscription(partner: "fabrikam", from: "2020-01-01")
      $0.subscription(from: "2024-06-01")
      for _ in 1...2 { $0.line("a", amount: 1, program: .enterpriseAgreement, at: "2024-06-10") }
      $0.line("b", amount: 1, program: .enterpriseAgreement, at: "2024-05-10")
      $0.line("c", amount: 1, program: .enterpriseAgreement, at: "1999-12-31")
      $0.now("2024-06-15")
    }
    #expect(explanation.facts.map(\.name) == ["a"])
    #expect(explanation.facts.map(\.refusal) == [.missingContractStart])
    #expect(explanation.total.isZero)
  }

  @Test(
    "A partner that is not ranked is told why",
    arguments: [
      (Explanation.Standing.unknownPartner, "2024-07-01", "FR", [PartnerAccount.csp]),
      (Explanation.Standing.noAccount, "2020-01-01", "FR", []),
      (Explanation.Standing.excludedCountry, "2020-01-01", "CN", [PartnerAccount.csp]),
      (Explanation.Standing.published, "2020-01-01", "FR", [PartnerAccount.mpn]),
    ])
  func standing(
    _ standing: Explanation.Standing, from time: String, country: String, accounts: [PartnerAccount]
  ) throws {
    let explanation = try explain(ExplanationQuery(month: june)) {
      $0.partner("contoso", country: country, accounts: accounts, from: time)
      $0.subscription(from: "2024-01-01")
      $0.now("2024-07-15")
    }
    #expect(explanation.standing == standing)
    #expect(explanation.total[.seatsAdded] == 10)
    #expect(explanation.asOf == instant("2024-07-15"))
  }

  @Test("A month that is not published is told as such", arguments: [(2022, 6), (2024, 8)])
  func otherMonth(year: Int, month: Int) throws {
    let explanation = try explain(ExplanationQuery(month: Month(year: year, month: month))) {
      $0.partner("contoso")
      $0.now("2024-07-15")
    }
    #expect(explanation.standing == .otherMonth)
  }

  @Test("A cell that the catalog does not have is explained by nothing")
  func unknownCell() throws {
    var explainer = Explainer(catalog: try Catalog(json: Market.catalog), log: [])
    for cell in [Cell(product: "bikes"), Cell(product: "crm", workload: "finance"), Cell(country: "fr")] {
      let answer = explainer.explain("contoso", ExplanationQuery(cell: cell, month: june))
      #expect(answer == nil)
    }
  }

  @Test("As JSON")
  func json() throws {
    let query = ExplanationQuery(cell: Cell(product: "crm"), month: june, indicator: .netNewRevenue)
    let explanation = try explain(query) {
      $0.partner("contoso")
      $0.subscription(from: "2020-01-01")
      $0.line("a", amount: 2, at: "2024-06-10")
      $0.line("b", amount: 1, voided: true, at: "2024-06-11")
    }
    var json = JSONWriter()
    explanation.write(to: &json)
    let expected =
      #"{"partner":"contoso","month":"2024-06","#
      + #""filters":{"product":"crm","workload":null,"country":null},"indicator":"net_new_revenue","#
      + #""customer":null,"standing":"published","as_of":"2024-06-11T00:00:00Z","#
      + #""total":{"billed_micros":2000000,"credited_micros":0},"#
      + #""counts":[{"kind":"billing_line","reason":null,"facts":1},"#
      + #"{"kind":"billing_line","reason":"voided","facts":1}],"#
      + #""customers":[{"customer":"acme","value":2.0,"share":1.0,"#
      + #""total":{"billed_micros":2000000,"credited_micros":0},"facts":1}],"partial":false,"facts":["#
      + #"{"kind":"billing_line","customer":"acme","subscription":"s","line":"a","month":"2024-06","#
      + #""amount":2000000,"counts":{"billed_micros":2000000},"reason":null},"#
      + #"{"kind":"billing_line","customer":"acme","subscription":"s","line":"b","month":"2024-06","#
      + #""amount":1000000,"counts":{},"reason":"voided"}]}"#
    #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
  }
}
