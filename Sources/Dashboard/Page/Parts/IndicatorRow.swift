import Contract

/// One indicator: name, value, trend, bar and twelve months.
struct IndicatorRow {
  let page: PageContext
  let indicator: IndicatorReport

  private var say: Language { page.say }
  private var id: String { indicator.kind.name }

  var html: HTML {
    let texts = IndicatorTexts(indicator.kind, say)
    return HTML("section", ["class": "indicator", "id": id, "aria-labelledby": "\(id)-name"]) {
      HTML("div", ["class": "what"]) {
        HTML("h2", ["id": "\(id)-name"]) { texts.name }
        HTML("p") { texts.brief }
        if let path = page.explanationPath(indicator.kind) {
          HTML("p") {
            HTML("a", ["class": "why", "href": path]) {
              say("Why this number", "Pourquoi ce nombre")
              HTML("span", ["class": "unseen"]) { say(": ", "\u{a0}: ") + texts.name }
            }
          }
        }
      }
      HTML("div", ["class": "figure", "data-part": "figure-\(id)"]) {
        figure
      }
      Bar(page: page, indicator: indicator).html
      Sparkline(page: page, indicator: indicator).html
    }
  }

  @HTMLBuilder private var figure: HTML {
    if let value = indicator.value {
      HTML("p", ["class": "value"]) { page.text(value, indicator.kind) }
      trend
    } else {
      HTML("p", ["class": "value"]) {
        HTML("span", ["aria-hidden": "true"]) { "–" }
        HTML("span", ["class": "unseen"]) { say("no value", "pas de valeur") }
      }
      HTML("p", ["class": "trend"]) { explanation }
    }
  }

  private var explanation: String {
    IndicatorTexts(indicator.kind, say).whyUndefined
      ?? say("There is no value in this month.", "Il n’y a pas de valeur ce mois-ci.")
  }

  private var trend: HTML {
    switch indicator.trend {
    case .up: arrow("up", say("Up ", "En hausse "), "M6 1 11 8H8v3H4V8H1z")
    case .down: arrow("down", say("Down ", "En baisse "), "M6 11 1 4h3V1h4v3h3z")
    default: HTML("p", ["class": "trend"]) { say("as the month before", "comme le mois précédent") }
    }
  }

  private func arrow(_ kind: String, _ words: String, _ path: String) -> HTML {
    let previous = indicator.previous.map { page.text($0, indicator.kind) } ?? "–"
    return HTML("p", ["class": "trend \(kind)"]) {
      HTML("svg", ["viewBox": "0 0 12 12", "aria-hidden": "true"]) { HTML("path", ["d": path]) }
      HTML("span", ["class": "unseen"]) { words }
      HTML("span") { say("from \(previous)", "contre \(previous)") }
      HTML("span", ["class": "unseen"]) { say(" the month before", " le mois précédent") }
    }
  }
}
