import Contract
import Indicators

/// An explanation as plain text for a terminal.
struct ExplanationText {
  private let explanation: Explanation
  private let currency: String

  init(_ explanation: Explanation, currency: String) {
    (self.explanation, self.currency) = (explanation, currency)
  }

  var text: String {
    (head + [""] + totals + customers + sections).terminalText
  }

  private var head: [String] {
    let place = "\(explanation.cell.filterText); \(explanation.newestText)"
    return ["\(explanation.partnerID) in \(explanation.month): \(place)"]
      + [explanation.remark].compactMap { $0 }
  }

  private var totals: [String] {
    let total = explanation.total
    return explanation.components.map { component in
      let line = "  \(component.name) = \(total[component])"
      return component.isMoney ? line + " (\(total[component].money(currency)))" : line
    }
  }

  private var customers: [String] {
    let components = explanation.components.ofCustomers
    return explanation.customers.section { subtotal in
      components.map { "\($0.name) \(subtotal.total[$0])" }
    }
  }

  private var sections: [String] {
    let allCounts = explanation.counts
    return Fact.Kind.allCases.flatMap { kind in
      let facts = explanation.facts.filter { $0.kind == kind }
      if facts.isEmpty { return [String]() }
      let title = kind.rawValue.replacing("_", with: " ")
      let counts = allCounts.filter { $0.kind == kind }.map { count in
        "  \(String(count.facts).leftPadded(to: 7))  \(count.reason.map { "not: " + $0.text } ?? "count")"
      }
      return ["", "\(title): \(counted(facts.count, "fact"))"] + counts + [""] + facts.map(line)
    }
  }

  private func line(_ fact: Fact) -> String {
    var words = [fact.month?.description ?? "       "]
    words.append(fact.nameText)
    if let amount = fact.amount {
      words.append(fact.kind == .billingLine ? amount.money(currency) : amount.signed)
    }
    if let refusal = fact.refusal {
      words.append("refused: \(refusal.rawValue)")
    } else if let reason = fact.reason {
      words.append("does not count: \(reason.text)")
    } else {
      words.append(fact.shares.map { "\($0.component.name) +\($0.amount)" }.joined(separator: ", "))
    }
    return "  " + words.joined(separator: "  ")
  }
}

extension Reason {
  /// Completes "does not count:".
  var text: String {
    switch self {
    case .otherPartner: "credited to another partner"
    case .noPartner: "credited to no partner"
    case .notYetKnown: "before its subscription or affiliation began"
    case .tooOld: "before the twelve-month window"
    case .notYet: "after this month"
    case .voided: "voided"
    case .offCloud: "sold outside the cloud"
    case .beforeContract: "before its contract starts"
    case .beyondFirstContractYear: "beyond the first year of its contract"
    case .zeroAmount: "its amount is zero"
    case .unintentional: "not an intentional action"
    case .notDeployed: "not deployed in this month"
    case .notProduction: "not a production environment"
    case .notAssigned: "not assigned in this month"
    case .revoked: "revoked"
    case .expired: "expired"
    case .noExam: "no exam was passed"
    case .noSeatChange: "paid seats did not change"
    case .notPaid: "its subscription is not of kind PAID at that time"
    case .notLive: "its subscription is neither ACTIVE nor IN_GRACE at that time"
    case .unlistedProduct: "its product is not in the catalog"
    case .unlistedWorkload: "its product does not list the workload"
    case .unlistedExam: "no product lists the exam"
    case .otherProduct: "another product"
    case .otherWorkload: "another workload"
    case .otherExam: "the exam counts toward another product or workload"
    case .otherLocation: "another location"
    case .customerBefore: "the customer already had paid seats"
    case .neverCustomer: "the customer has no paid seats"
    case .countedAlready: "the same user or person already counts"
    case .refused: "refused"
    }
  }
}

extension Cell {
  /// The cell as text: the filters that select it.
  var filterText: String {
    var place = product.isEmpty ? "all products" : "product \(product)"
    if !workload.isEmpty { place += ", workload \(workload)" }
    return place + (country.isEmpty ? ", all countries" : ", country \(country)")
  }
}

extension Explanation {
  var newestText: String { asOf?.rfc3339.map { "events up to \($0)" } ?? "no events" }

  /// Why there is no snapshot, although facts may count; nil if there is one.
  var remark: String? {
    switch standing {
    case .published: nil
    case .otherMonth: "\(month) is not published."
    case .unknownPartner: "There is no snapshot: the partner is unknown in \(month)."
    case .noAccount: "There is no snapshot: the partner had neither an MPN nor a CSP account in \(month)."
    case .excludedCountry: "There is no snapshot: the partner is in an excluded country."
    }
  }
}

extension Fact {
  /// Its owner, and the ids within the owner.
  var nameText: String {
    [owner.withName(customerName), subscription, name, workload].filter { !$0.isEmpty }.joined(
      separator: " / ")
  }
}

extension [CustomerSubtotal] {
  /// A section with a line for each customer and its `amounts`; empty without customers.
  func section(_ amounts: (CustomerSubtotal) -> [String]) -> [String] {
    if isEmpty { return [] }
    return ["", "by customer: \(counted(count, "customer"))"]
      + map { "  \($0.customer.withName($0.name))  \(amounts($0).joined(separator: ", "))" }
  }
}

extension Int64 {
  /// A number of millionths as an exact amount of money.
  func money(_ currency: String) -> String {
    let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    var digits = String(String(1_000_000 + rest).dropFirst())
    while digits.count > 2, digits.hasSuffix("0") { digits.removeLast() }
    return "\(self < 0 ? "-" : "")\(whole).\(digits) \(currency)"
  }

  /// With a plus sign if it is positive.
  var signed: String { self > 0 ? "+\(self)" : "\(self)" }
}

extension [String] {
  /// The lines as one text. Replaces control characters, since ids come from outside and could contain terminal escape sequences.
  var terminalText: String { map { $0.withoutControls + "\n" }.joined() }
}

extension String {
  /// This id with its name, if there is one.
  func withName(_ name: String) -> String {
    name.isEmpty || name.hasSameUTF8(as: self) ? self : "\(name) (\(self))"
  }

  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  fileprivate var withoutControls: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      text.append(scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar)
    }
    return String(text)
  }
}
