import Contract

/// One indicator: name, value, changes, bar and twelve months.
struct IndicatorRow {
  let page: PageContext
  let indicator: IndicatorReport

  private var localized: Language { page.localized }
  private var id: String { indicator.kind.name }

  var html: HTML {
    let texts = IndicatorTexts(indicator.kind, localized)
    return HTML("section", ["class": "indicator", "id": id, "aria-labelledby": "\(id)-name"]) {
      HTML("div", ["class": "what"]) {
        HTML("h2", ["id": "\(id)-name"]) { texts.name }
        HTML("p") { texts.brief }
        HTML("p") {
          HTML("a", ["class": "more", "href": page.indicatorPath(indicator.kind, page.report.cell)]) {
            localized("Chart and breakdown", "Graphique et détail")
            HTML("span", ["class": "unseen"]) { localized(": ", "\u{a0}: ") + texts.name }
          }
        }
        if let path = page.explanationPath(indicator.kind) {
          HTML("p") {
            HTML("a", ["class": "why", "href": path]) {
              localized("Why this number", "Pourquoi ce nombre")
              HTML("span", ["class": "unseen"]) { localized(": ", "\u{a0}: ") + texts.name }
            }
          }
        }
      }
      Figure(page: page, indicator: indicator).html
      Bar(page: page, indicator: indicator).html
      Sparkline(page: page, indicator: indicator).html
    }
  }
}
