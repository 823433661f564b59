import Contract

/// The page of one indicator: its chart and breakdowns.
struct IndicatorPage {
  let page: PageContext
  let kind: IndicatorKind
  let history: IndicatorHistory
  let breakdowns: [Breakdown]
  let customers: CustomerBreakdown

  private var localized: Language { page.localized }
  private var name: String { IndicatorTexts(kind, localized).name }

  var html: HTML {
    page.document(title: name, class: "one", link: { page.indicatorPath(kind, page.report.cell, $0) }) {
      HTML("script", ["src": PageAssets.keys.path, "defer": ""])
    } main: {
      HTML("p") { HTML("a", ["href": page.reportPath]) { localized("Back", "Retour") } }
      HTML("h1") { name }
      HTML("p", ["class": "subject"]) { subject }
      HTML("p", ["class": "meaning"]) { IndicatorTexts(kind, localized).meaning }
      content
    }
  }

  @HTMLBuilder private var subject: HTML {
    HTML("strong", ["dir": "auto"]) { page.partnerName }
    HTML("span") {
      page.dates.month(page.report.month)
      if page.report.isInProgress { HTML("em", ["class": "badge"]) { localized("in progress", "en cours") } }
    }
    if let filters = page.filterText { HTML("span") { filters } }
  }

  private var hasParts: Bool {
    if case .nothing = customers { return !breakdowns.isEmpty }
    return true
  }

  @HTMLBuilder private var byCustomer: HTML {
    switch customers {
    case .nothing: HTML.empty
    case .table(let table): HTML("div") { table.html }
    case .inWork:
      HTML("p", ["role": "status"]) {
        localized(
          "Customers are being counted. This page loads itself again.",
          "Décompte par client en cours. Cette page se recharge d’elle-même.")
      }
    case .elsewhere:
      if let path = page.explanationPath(kind) {
        HTML("p") {
          HTML("a", ["href": path + "#customers"]) { localized("By customer", "Par client") }
          localized(
            " (read from the events, which may take a minute)",
            " (lecture des événements, une minute au plus)")
        }
      }
    }
  }

  @HTMLBuilder private var content: HTML {
    if let indicator = page.report[kind] {
      let chart = Chart(page: page, history: history)
      HTML("section", ["class": "report sheet", "aria-label": name]) {
        Figure(page: page, indicator: indicator).html
        chart.html
      }
      if hasParts {
        HTML("section", ["class": "report sheet", "aria-labelledby": "parts"]) {
          HTML("h2", ["id": "parts"]) { localized("What it is made of", "De quoi il se compose") }
          HTML("div", ["class": "breakdowns"]) {
            for breakdown in breakdowns { BreakdownTable(page: page, kind: kind, breakdown: breakdown).html }
            byCustomer
          }
          HTML("p", ["class": "note"]) {
            localized(
              "What counts under several entries is in each of them, so shares may add up to more than the whole.",
              "Ce qui compte sous plusieurs entrées figure dans chacune\u{202f}: les parts peuvent dépasser le total."
            )
          }
        }
      }
      HTML("section", ["class": "report sheet", "aria-label": localized("Twelve months", "Douze mois")]) {
        chart.table
        HTML("p", ["class": "note"]) {
          HTML("a", ["href": page.exportPath("history.csv"), "download": ""]) {
            localized("Twelve months as a table (CSV)", "Douze mois en tableau (CSV)")
          }
          if let path = page.explanationPath(kind) {
            HTML("a", ["href": path]) { localized("Why this number", "Pourquoi ce nombre") }
          }
        }
      }
    } else {
      HTML("div", ["class": "report nothing"]) {
        HTML("h2") {
          localized("Nothing under these filters in this month", "Rien sous ces filtres ce mois-ci")
        }
        HTML("p") {
          HTML("a", ["href": page.reportPath]) {
            localized("Choose other filters", "Choisir d’autres filtres")
          }
        }
      }
    }
  }
}
