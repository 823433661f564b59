import Contract
import Indicators

/// The tables of a difference: the totals before and after, the causes, and each fact that has changed.
struct DifferenceTables {
  let page: PageContext
  let difference: ExplanationDifference
  let listedChanges: Int
  /// Nil for a difference of one customer.
  let customers: CustomerTable?

  private var localized: Language { page.localized }
  private var texts: FactTexts { FactTexts(page) }

  @HTMLBuilder var html: HTML {
    totals
    if difference.changes.isEmpty {
      HTML("p") {
        localized(
          "Nothing that counts has changed.", "Rien de ce qui compte n’a changé.")
      }
    } else {
      causes
      if let customers { customers.html }
      ChangeTable(page: page, changes: difference.changes, listedChanges: listedChanges).html
    }
  }

  private var before: String {
    if let since = difference.since {
      return localized("Known at \(page.dates.instant(since))", "Connu le \(page.dates.instant(since))")
    }
    return page.dates.shortMonth(difference.before.month.description)
  }

  private var totals: HTML {
    let (old, new, change) = (difference.before.total, difference.after.total, difference.total)
    let after = page.dates.shortMonth(difference.after.month.description)
    let heads = [before, after, localized("Difference", "Différence")]
    return HTML("table", ["class": "totals"]) {
      HTML("caption") { localized("What it was, and what it is", "Avant et maintenant") }
      HTML("thead") {
        HTML("tr") {
          HTML("td") { "" }
          for head in heads { HTML("th", ["scope": "col", "class": "number"]) { head } }
        }
      }
      HTML("tbody") {
        for component in difference.after.components {
          HTML("tr") {
            HTML("th", ["scope": "row"]) { texts.name(component) }
            let amounts = [
              texts.amount(old[component], of: component), texts.amount(new[component], of: component),
              texts.change(change[component], of: component),
            ]
            // On a phone, each is a line with its heading.
            for (head, amount) in zip(heads, amounts) {
              HTML("td", ["class": "number", "data-head": head]) { amount }
            }
          }
        }
      }
    }
  }

  private var causes: HTML {
    let (why, count) = (localized("Why", "Raison"), localized("How many", "Nombre"))
    let amount = localized("Difference", "Différence")
    return HTML("table", ["class": "totals"]) {
      HTML("caption") { localized("What made the difference", "Ce qui fait la différence") }
      HTML.columns(
        .text(localized("What", "Élément")), .text(why), .number(count), .number(amount))
      HTML("tbody") {
        for sum in difference.causes {
          HTML("tr") {
            HTML("th", ["scope": "row"]) { texts.kind(sum.kind) }
            HTML("td", ["data-head": why]) { texts.cause(sum.cause) }
            HTML("td", ["class": "number", "data-head": count]) { page.count(sum.changes) }
            HTML("td", ["class": "number", "data-head": amount]) {
              texts.changes(sum.kind.components.map { ($0, sum.difference[$0]) })
            }
          }
        }
      }
    }
  }
}
