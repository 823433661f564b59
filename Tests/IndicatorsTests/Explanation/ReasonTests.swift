import Contract
import Indicators
import ReferenceModel
import Testing

/// For each reason, a market in which something does not count for it alone.
@Suite("Reasons why facts do not count")
struct ReasonTests {
  @Test("occur", arguments: Reason.allCases)
  func occurs(_ reason: Reason) throws {
    let example = Self.example(of: reason)
    let facts = try explain(example.cell, example.build).facts
    #expect(facts.filter { $0.kind == example.kind }.map(\.reason).contains(reason), "\(facts)")
  }

  /// What "contoso" is told of June 2024.
  private func explain(_ cell: Cell, _ build: (inout MarketEvents) -> Void) throws -> Explanation {
    var events = MarketEvents()
    events.partner("contoso")
    build(&events)
    events.now("2024-07-15")
    var explainer = Explainer(catalog: try Catalog(json: Market.catalog), log: events.log)
    let query = ExplanationQuery(cell: cell, month: Month(year: 2024, month: 6))
    let answer = explainer.explain("contoso", query)
    let explanation = try #require(answer)
    #expect(explanation.contradiction == nil)
    return explanation
  }

  private struct Example {
    var kind: Fact.Kind
    var cell = Cell()
    var build: (inout MarketEvents) -> Void

    init(_ kind: Fact.Kind, _ cell: Cell = Cell(), _ build: @escaping (inout MarketEvents) -> Void) {
      (self.kind, self.cell, self.build) = (kind, cell, build)
    }

    /// A line of June 2024, of a subscription from 2020 on.
    static func line(
      _ cell: Cell = Cell(), kind: SubscriptionKind = .paid, product: String = "crm", amount: Int64 = 1,
      program: LicenseProgram = .webDirect, contractStart: String? = nil, voided: Bool = false,
      offCloud: Bool = false, at time: String = "2024-06-10"
    ) -> Example {
      Example(.billingLine, cell) {
        $0.subscription(product: product, kind: kind, from: "2020-01-01")
        $0.customer(country: "FR")
        $0.line(
          amount: amount, program: program, contractStart: contractStart, voided: voided,
          offCloud: offCloud, at: time)
      }
    }
  }

  private static func example(of reason: Reason) -> Example {
    switch reason {
    case .otherPartner, .noPartner, .notYetKnown: ownership(reason)
    case .tooOld: .line(at: "2023-06-30T23:59:59.999Z")
    case .notYet: .line(at: "2024-07-01")
    case .voided: .line(voided: true)
    case .offCloud: .line(offCloud: true)
    case .beforeContract: .line(program: .enterpriseAgreement, contractStart: "2024-06-11")
    case .beyondFirstContractYear: .line(program: .enterpriseAgreement, contractStart: "2023-06-10")
    case .zeroAmount: .line(amount: 0)
    case .notPaid: .line(kind: .trial)
    case .unlistedProduct: .line(product: "bikes")
    case .otherProduct: .line(Cell(product: "erp"))
    case .otherWorkload: .line(Cell(product: "crm", workload: "service"))
    case .otherLocation: .line(Cell(country: "BE"))
    case .refused: .line(program: .enterpriseAgreement)
    case .unintentional, .unlistedWorkload, .countedAlready: usage(reason)
    case .notDeployed, .notProduction, .notAssigned, .notLive: level(reason)
    case .revoked, .expired, .noExam, .unlistedExam, .otherExam: exam(reason)
    case .noSeatChange, .customerBefore, .neverCustomer: seats(reason)
    }
  }

  private static func ownership(_ reason: Reason) -> Example {
    Example(.billingLine) {
      $0.subscription(from: "2024-01-01")
      if reason != .notYetKnown {
        $0.subscription(partner: reason == .noPartner ? "" : "fabrikam", from: "2024-06-30")
      }
      $0.line(amount: 1, at: reason == .notYetKnown ? "2023-12-31" : "2024-06-10")
    }
  }

  private static func usage(_ reason: Reason) -> Example {
    Example(.usage) {
      $0.subscription(from: "2020-01-01")
      $0.usage(
        workload: reason == .unlistedWorkload ? "finance" : "sales", at: "2024-06-10",
        intentional: reason != .unintentional)
      if reason == .countedAlready { $0.usage(workload: "service", at: "2024-06-11") }
    }
  }

  private static func level(_ reason: Reason) -> Example {
    Example(reason == .notAssigned || reason == .notLive ? .assignment : .instance) {
      $0.subscription(status: reason == .notLive ? .suspended : .active, from: "2020-01-01")
      $0.assignment(from: "2024-01-01")
      if reason == .notAssigned { $0.assignment(assigned: false, from: "2024-06-30") }
      $0.instance(
        environment: reason == .notProduction ? .sandbox : .production,
        deployed: reason != .notDeployed, from: "2024-01-01")
    }
  }

  private static func exam(_ reason: Reason) -> Example {
    Example(.examPass, reason == .otherExam ? Cell(product: "erp") : Cell()) {
      $0.affiliation(country: "FR")
      if reason != .noExam {
        $0.pass(
          reason == .unlistedExam ? "X-9" : "S-1", at: "2024-01-01",
          expires: reason == .expired ? "2024-06-30T23:59:59Z" : nil, revoked: reason == .revoked)
      }
    }
  }

  private static func seats(_ reason: Reason) -> Example {
    Example(reason == .noSeatChange ? .seatChange : .customer) {
      $0.subscription(seats: reason == .neverCustomer ? 0 : 10, from: "2020-01-01")
      if reason == .noSeatChange { $0.subscription(workloads: ["service"], from: "2024-02-01") }
    }
  }
}
