import Contract
import Indicators

/// Facts that count differently than before, with the difference and the cause of each.
struct ChangeTable {
  let page: PageContext
  let changes: [FactChange]
  let listedChanges: Int
  /// Whether they are the changes of a step of a history.
  var isStep = false

  private var localized: Language { page.localized }
  private var texts: FactTexts { FactTexts(page) }

  @HTMLBuilder var html: HTML {
    HTML("table", ["class": "facts"]) {
      HTML("caption") { localized("The facts", "Les éléments") }
      HTML.columns(
        .text(localized("Month", "Mois")), .text(localized("What", "Élément")),
        .number(localized("Difference", "Différence")), .text(localized("Why", "Raison")))
      HTML("tbody") {
        for change in changes.prefix(listedChanges) { row(change) }
      }
    }
    if changes.count > listedChanges {
      HTML("p") {
        let rest = page.count(changes.count - listedChanges)
        localized("And \(rest) more.", "Et \(rest) de plus.")
      }
    }
  }

  private func row(_ change: FactChange) -> HTML {
    HTML("tr") {
      HTML("td", ["class": "when"]) {
        change.fact.month.map { page.dates.shortMonth($0.description) } ?? ""
      }
      HTML("th", ["scope": "row"]) { texts.name(change.fact) }
      HTML("td", ["class": "number"]) {
        texts.changes(change.difference.map { ($0.component, $0.amount) })
      }
      HTML("td") { texts.why(change, inStep: isStep) }
    }
  }
}
