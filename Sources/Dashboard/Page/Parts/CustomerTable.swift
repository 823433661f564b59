import Contract
import Indicators

/// A number, or a difference, by customer; each row links to the facts of that customer.
struct CustomerTable {
  private let page: PageContext
  private let kind: IndicatorKind
  private let rows: [Row]
  private let rest: Int
  private let heading: String
  private let against: ExplanationQuery.Comparison?

  private struct Row {
    let subtotal: CustomerSubtotal
    let text: String
    let share: Double?
  }

  /// The maximum of customers that are listed. The table says how many more there are; the API lists all.
  private static let listedCustomers = 100

  private var localized: Language { page.localized }

  /// Nil if no fact that counts belongs to a customer.
  init?(page: PageContext, kind: IndicatorKind, explanation: Explanation) {
    let whole = explanation.value(of: kind)
    let customers = explanation.customers
    let values = customers.prefix(Self.listedCustomers).map { ($0, $0.value(of: kind)) }
    let format = ValueFormat(page.numbers, kind, distinguishing: values.compactMap(\.1))
    self.init(page, kind, customers.count, page.localized("Value", "Valeur"), nil) {
      values.map { subtotal, value in
        Row(
          subtotal: subtotal, text: value.map(format.text) ?? "–",
          share: value.flatMap { kind.share($0, of: whole) })
      }
    }
  }

  /// Nil if no change belongs to a customer.
  init?(
    page: PageContext, kind: IndicatorKind, difference: ExplanationDifference,
    against comparison: ExplanationQuery.Comparison?
  ) {
    let customers = difference.customers
    let components = difference.after.components
    let texts = FactTexts(page)
    self.init(page, kind, customers.count, page.localized("Difference", "Différence"), comparison) {
      customers.prefix(Self.listedCustomers).map { subtotal in
        Row(
          subtotal: subtotal, text: texts.changes(components.map { ($0, subtotal.total[$0]) }), share: nil)
      }
    }
  }

  private init?(
    _ page: PageContext, _ kind: IndicatorKind, _ count: Int, _ heading: String,
    _ against: ExplanationQuery.Comparison?, _ rows: () -> [Row]
  ) {
    guard count > 0 else { return nil }
    (self.page, self.kind, self.heading, self.against) = (page, kind, heading, against)
    self.rows = rows()
    rest = count - self.rows.count
  }

  @HTMLBuilder var html: HTML {
    HTML("table", ["class": "breakdown", "id": "customers"]) {
      HTML("caption") { localized("By customer", "Par client") }
      HTML("thead") {
        HTML("tr") {
          HTML("th", ["scope": "col"]) { localized("Customer", "Client") }
          HTML("th", ["scope": "col", "class": "number"]) { heading }
          if hasShares { HTML.shareHeads(localized) }
        }
      }
      HTML("tbody") { for row in rows { line(row) } }
    }
    if rest > 0 {
      HTML("p") {
        let count = page.count(rest)
        localized("And \(count) more customers.", "Et \(count) clients de plus.")
      }
    }
  }

  private var hasShares: Bool { rows.contains { $0.share != nil } }

  private func line(_ row: Row) -> HTML {
    HTML("tr") {
      HTML("th", ["scope": "row"]) {
        HTML("a", ["href": path(row.subtotal.customer), "dir": "auto"]) { name(row.subtotal) }
      }
      HTML("td", ["class": "number"]) { row.text }
      if hasShares { HTML.shareCells(row.share, page.numbers) }
    }
  }

  private func path(_ customer: String) -> String {
    page.explanationPath(kind, of: customer, against: against, localized) ?? "/"
  }

  /// The name, with the id if another customer has the same name.
  private func name(_ subtotal: CustomerSubtotal) -> String {
    let text = FactTexts(page).customer(subtotal.customer, called: subtotal.name)
    let isShared = rows.count { $0.subtotal.name.hasSameUTF8(as: subtotal.name) } > 1
    return isShared && !subtotal.name.isEmpty ? "\(text) (\(subtotal.customer.isolated))" : text
  }
}

extension HTML {
  /// The headings of the two columns of shares.
  @HTMLBuilder static func shareHeads(_ localized: Language) -> HTML {
    HTML("th", ["scope": "col", "class": "number"]) { localized("Share", "Part") }
    HTML("td")
  }

  /// A share of the whole, as a number and as a bar; nil if there is none.
  @HTMLBuilder static func shareCells(_ share: Double?, _ numbers: NumberFormat) -> HTML {
    HTML("td", ["class": "number"]) { share.map(numbers.share) ?? "–" }
    HTML("td", ["class": "share", "aria-hidden": "true"]) {
      if let share {
        HTML("svg", ["viewBox": "0 0 1000 10", "preserveAspectRatio": "none"]) {
          HTML("rect", ["class": "all", "width": "1000", "height": "10"])
          HTML(
            "rect",
            ["class": "part", "width": String(Int((min(1, share) * 1000).rounded())), "height": "10"])
        }
      }
    }
  }
}
