import Contract
import Indicators

/// A value, and its changes from the month before and from the same month a year before.
struct Figure {
  let page: PageContext
  let indicator: IndicatorReport
  /// A longer text is replaced by the compact form, with the full text in a tooltip.
  static let mostCharacters = 13

  private var localized: Language { page.localized }
  private var id: String { indicator.kind.name }
  private let format: ValueFormat

  init(page: PageContext, indicator: IndicatorReport) {
    (self.page, self.indicator) = (page, indicator)
    format = ValueFormat(
      page.numbers, indicator.kind,
      distinguishing: [indicator.value, indicator.previous, indicator.yearAgo].compactMap(\.self))
  }

  var html: HTML {
    HTML("div", ["class": "figure", "data-part": "figure-\(id)"]) {
      if let value = indicator.value {
        number(value)
        HTML("ul", ["class": "changes"]) {
          comparison(indicator.previous, 1)
          if let yearAgo = indicator.yearAgo { comparison(yearAgo, 12) }
        }
      } else {
        HTML("p", ["class": "value"]) {
          HTML("span", ["aria-hidden": "true"]) { "–" }
          HTML("span", ["class": "unseen"]) { localized("no value", "pas de valeur") }
        }
        HTML("p", ["class": "trend"]) { whyUndefined }
      }
    }
  }

  private func number(_ value: Double) -> HTML {
    let text = format.text(value)
    guard text.count > Self.mostCharacters else { return HTML("p", ["class": "value"]) { text } }
    return HTML("div", ["class": "value slot"]) {
      HTML(
        "button",
        ["type": "button", "class": "compact", "id": "\(id)-value", "aria-describedby": "\(id)-whole"]
      ) {
        format.compact(value)
      }
      HTML("div", ["class": "range", "role": "tooltip", "id": "\(id)-whole"]) { HTML("strong") { text } }
    }
  }

  private var whyUndefined: String {
    IndicatorTexts(indicator.kind, localized).whyUndefined
      ?? localized("There is no value in this month.", "Il n’y a pas de valeur ce mois-ci.")
  }

  /// The change from so many months before.
  private func comparison(_ base: Double?, _ months: Int) -> HTML {
    let month = page.month(before: months)
    guard let value = indicator.value, let base else {
      return HTML("li", ["class": "trend"]) { localized("no value in \(month)", "pas de valeur en \(month)") }
    }
    guard value != base else {
      return HTML("li", ["class": "trend"]) { localized("as in \(month)", "comme en \(month)") }
    }
    let isUp = value > base
    return HTML("li", ["class": isUp ? "trend up" : "trend down"]) {
      HTML("svg", ["viewBox": "0 0 12 12", "aria-hidden": "true"]) {
        HTML("path", ["d": isUp ? "M6 1 11 8H8v3H4V8H1z" : "M6 11 1 4h3V1h4v3h3z"])
      }
      HTML("span", ["class": "unseen"]) {
        isUp ? localized("Up ", "En hausse\u{a0}: ") : localized("Down ", "En baisse\u{a0}: ")
      }
      HTML("span", ["class": "change"]) { change(value - base, of: base) }
      against(month, months)
    }
  }

  /// The month that is compared with; a link to the explanation, if there is one.
  @HTMLBuilder private func against(_ month: String, _ months: Int) -> HTML {
    let other = Month(page.report.month).map { ExplanationQuery.Comparison.month($0 - Int32(months)) }
    if let other, let path = page.explanationPath(indicator.kind, against: other) {
      HTML("a", ["class": "against", "href": path]) {
        " vs \(month)"
        HTML("span", ["class": "unseen"]) {
          localized(": why it changed", "\u{a0}: pourquoi ce changement")
        }
      }
    } else {
      HTML("span", ["class": "against"]) { " vs \(month)" }
    }
  }

  private func change(_ difference: Double, of base: Double) -> String {
    var text = format.change(difference)
    if text.count > Self.mostCharacters {
      text = (difference < 0 ? "\u{2212}" : "+") + format.compact(difference.magnitude)
    }
    guard let percent = page.numbers.percent(difference, of: base) else { return text }
    return "\(text) (\(percent))"
  }
}
