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

  @Test("What happened at another partner's time is withheld from the partner, and counted")
  func withheld() throws {
    let explanation = try explain(ExplanationQuery(month: june, indicator: .netNewRevenue)) {
      $0.partner("contoso")
      $0.subscription(partner: "fabrikam", from: "2020-01-01")
      $0.subscription(from: "2024-06-01")
      $0.line("a", amount: 1, at: "2024-05-10")
      $0.line("b", amount: 2, at: "2024-06-10")
    }
    #expect(explanation.facts.map(\.reason) == [nil, .otherPartner])
    let own = explanation.withoutOthers
    #expect(own.facts.map(\.name) == ["b"])
    #expect(own.withheld == 1)
    #expect(own.total == explanation.total)
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

  @Test("A cell that the catalogue does not have is explained by nothing")
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
      + #""standing":"published","as_of":"2024-06-11T00:00:00Z","#
      + #""total":{"billed_micros":2000000,"credited_micros":0},"#
      + #""counts":[{"kind":"billing_line","reason":null,"facts":1},"#
      + #"{"kind":"billing_line","reason":"voided","facts":1}],"withheld":0,"facts":["#
      + #"{"kind":"billing_line","customer":"acme","subscription":"s","line":"a","month":"2024-06","#
      + #""amount":2000000,"counts":{"billed_micros":2000000},"reason":null},"#
      + #"{"kind":"billing_line","customer":"acme","subscription":"s","line":"b","month":"2024-06","#
      + #""amount":1000000,"counts":{},"reason":"voided"}]}"#
    #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
  }
}
