import Contract
import Indicators

/// The tables of an explanation: the total, how many facts do not count and why, and the facts.
struct ExplanationTables {
  let page: PageContext
  let explanation: Explanation
  let listedFacts: Int
  /// Nil for an explanation of one customer.
  let customers: CustomerTable?

  private var localized: Language { page.localized }
  private var texts: FactTexts { FactTexts(page) }

  @HTMLBuilder var html: HTML {
    totals
    if let customers { customers.html }
    reasons
    if explanation.isPartial {
      HTML("p") {
        localized(
          "There are facts of times when you were not the partner of record. They are not shown.",
          "Il existe des éléments de périodes où vous n’étiez pas le partenaire officiel. Ils ne sont pas affichés."
        )
      }
    }
    facts
    if explanation.facts.count > listedFacts {
      HTML("p") {
        let rest = page.count(explanation.facts.count - listedFacts)
        localized("And \(rest) more.", "Et \(rest) de plus.")
      }
    }
  }

  private var totals: HTML {
    let total = explanation.total
    return HTML("table") {
      HTML("caption") { localized("What counts adds up to", "Total de ce qui compte") }
      for component in explanation.components {
        HTML("tr", ["class": "counts"]) {
          HTML("th", ["scope": "row"]) { texts.name(component) }
          HTML("td", ["class": "number"]) { texts.amount(total[component], of: component) }
        }
      }
    }
  }

  @HTMLBuilder private var reasons: HTML {
    let counts = explanation.counts.filter { $0.reason != nil }
    if !counts.isEmpty {
      HTML("table") {
        HTML("caption") { localized("How many facts do not count, and why", "Éléments qui ne comptent pas") }
        for count in counts {
          HTML("tr") {
            HTML("th", ["scope": "row"]) { texts.kind(count.kind) }
            HTML("td") { texts.verdict(count.reason) }
            HTML("td", ["class": "number"]) { page.count(count.facts) }
          }
        }
      }
    }
  }

  @HTMLBuilder private var facts: HTML {
    if !explanation.facts.isEmpty {
      HTML("table", ["class": "facts"]) {
        HTML("caption") { localized("The facts", "Les éléments") }
        HTML.columns(
          .text(localized("Month", "Mois")), .text(localized("What", "Élément")),
          .number(localized("Amount", "Montant")),
          .text(localized("Does it count?", "Compte-t-il\u{a0}?")))
        HTML("tbody") {
          for fact in explanation.facts.prefix(listedFacts) { row(fact) }
        }
      }
    }
  }

  private func row(_ fact: Fact) -> HTML {
    HTML("tr", ["class": fact.reason == nil ? "counts" : nil]) {
      HTML("td", ["class": "when"]) { fact.month.map { page.dates.shortMonth($0.description) } ?? "" }
      HTML("th", ["scope": "row"]) { texts.name(fact) }
      HTML("td", ["class": "number"]) { texts.amount(fact) }
      HTML("td") { texts.verdict(fact) }
    }
  }
}

/// The heading of a table's column.
enum ColumnHead {
  case text(String)
  case number(String)

  fileprivate var html: HTML {
    switch self {
    case .text(let name): HTML("th", ["scope": "col"]) { name }
    case .number(let name): HTML("th", ["scope": "col", "class": "number"]) { name }
    }
  }
}

extension HTML {
  /// The headings of a table.
  static func columns(_ heads: ColumnHead...) -> HTML {
    HTML("thead") { HTML("tr") { for head in heads { head.html } } }
  }
}
