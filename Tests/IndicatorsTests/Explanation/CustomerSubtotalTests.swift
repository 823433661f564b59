import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Subtotals by customer")
struct CustomerSubtotalTests {
  private let june = Month(year: 2024, month: 6)

  private func explanation(
    _ indicator: IndicatorKind = .netNewRevenue, of partner: String = "contoso",
    _ build: (inout MarketEvents) -> Void
  ) throws -> Explanation {
    var events = MarketEvents()
    build(&events)
    var explainer = Explainer(catalog: try Catalog(json: Market.catalog), log: events.log)
    let explanation = explainer.explain(partner, ExplanationQuery(month: june, indicator: indicator))
    return try #require(explanation)
  }

  private func lines(_ events: inout MarketEvents) {
    events.partner("contoso")
    for (customer, amount) in [("acme", 5), ("beta", 9), ("core", 9)] as [(String, Int64)] {
      events.subscription(of: customer, from: "2020-01-01")
      events.line(of: customer, amount: amount, at: "2024-06-10")
    }
    events.line("back", of: "beta", amount: -2, at: "2024-06-11")
    events.line("old", of: "acme", amount: 3, at: "2020-06-11")
  }

  @Test("The greatest comes first; what does not count adds nothing")
  func order() throws {
    let subtotals = try explanation { lines(&$0) }.customers
    #expect(subtotals.map(\.customer) == ["core", "beta", "acme"])
    #expect(subtotals.map { $0.value(of: .netNewRevenue) } == [9, 7, 5])
    #expect(subtotals.map(\.facts) == [1, 2, 1])
  }

  @Test("The newest name counts, whatever order names come in, and an empty one says nothing")
  func names() throws {
    let explanation = try explanation { events in
      lines(&events)
      events.customer("acme", country: "FR", name: "Acme SA", from: "2024-01-01")
      events.customer("acme", country: "FR", name: "Acme SARL", from: "2022-01-01")
      events.customer("acme", country: "BE", from: "2024-03-01")
      events.customer("beta", country: "FR", name: "Beta one", from: "2024-01-01", revision: 2)
      events.customer("beta", country: "FR", name: "Beta two", from: "2024-01-01", revision: 2)
      events.customer("beta", country: "FR", name: "Beta nil", from: "2024-01-01", revision: 1)
    }
    #expect(explanation.customers.map(\.name) == ["", "Beta two", "Acme SA"])
    #expect(Set(explanation.facts.map(\.customerName)) == ["", "Beta two", "Acme SA"])
  }

  @Test("A customer's name goes with what was refused, too")
  func refused() throws {
    let explanation = try explanation { events in
      lines(&events)
      events.customer("acme", country: "FR", name: "Acme SA")
      var line = BillingLine<String>()
      (line.customerID, line.subscriptionID, line.lineID) = ("acme", "s", "foreign")
      (line.licenseProgram, line.amountMicros, line.currency) = (.webDirect, 1, "XXX")
      line.billedAt = instant("2024-06-10")
      events.record(.billingLine(line))
    }
    let refused = explanation.facts.filter { $0.refusal != nil }
    #expect(refused.map(\.customerName) == ["Acme SA"])
  }

  @Test("One customer alone has its facts and no others")
  func alone() throws {
    let alone = try explanation { lines(&$0) }.of(customer: "beta")
    #expect(Set(alone.facts.map(\.owner)) == ["beta"])
    #expect(alone.value(of: .netNewRevenue) == 7)
    #expect(try explanation { lines(&$0) }.of(customer: "bet").facts == [])
  }

  @Test("Exams are of no customer, even if a person is called as one is")
  func exams() throws {
    let explanation = try explanation(.certifiedIndividuals) { events in
      lines(&events)
      events.affiliation(of: "acme")
      events.pass(by: "acme", at: "2024-06-01")
    }
    #expect(explanation.total[.certifiedIndividuals] == 1)
    #expect(explanation.customers.isEmpty)
    #expect(explanation.of(customer: "acme").facts == [])
    #expect(!IndicatorKind.certifiedIndividuals.isOfCustomers)
  }

  @Test("Shares are of positive wholes alone")
  func shares() {
    #expect(IndicatorKind.netNewRevenue.share(1, of: 4) == 0.25)
    #expect(IndicatorKind.netNewRevenue.share(-1, of: 4) == nil)
    #expect(IndicatorKind.netNewRevenue.share(1, of: 0) == nil)
    #expect(IndicatorKind.mauPerAssignedSeat.share(1, of: 4) == nil)
  }
}
