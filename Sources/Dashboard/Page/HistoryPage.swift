import Contract
import Indicators

/// The page "When it changed": each time the published value of a month changed, from what to what, and because of which facts.
struct HistoryPage {
  /// The maximum of changes that are listed for each step. The page says how many more there are.
  private static let listedChanges = 20

  let page: PageContext
  let kind: IndicatorKind
  let part: NumberHistory.Page
  let answer: ExplanationAnswer
  /// Whether the report shows another number at the moment.
  let differs: Bool

  private var localized: Language { page.localized }
  private var title: String { localized("When this number changed", "Quand ce nombre a changé") }
  private var end: Timestamp? { part.end.map { Timestamp(milliseconds: $0) } }

  var html: HTML {
    page.document(
      title: title, class: "explanation",
      link: { page.historyPath(kind, by: part.unit, before: end, $0) }
    ) {
      HTML("p") {
        HTML("a", ["href": page.explanationPath(kind, localized) ?? page.reportPath]) {
          localized("Why this number", "Pourquoi ce nombre")
        }
      }
      HTML("h1") { title }
      HTML("p", ["class": "subject"]) { page.explained(kind) }
      HTML("p") {
        localized(
          "What was published for this month as it became known, by when events arrived; the newest first.",
          "Ce qui a été publié pour ce mois au fil des événements reçus, du plus récent au plus ancien."
        )
      }
      units
      if case .history(let history) = answer { content(history) } else { answer.notice(localized) }
    }
  }

  private var units: HTML {
    HTML("nav", ["class": "questions", "aria-label": localized("Time", "Temps")]) {
      HTML("ul") {
        for unit in NumberHistory.Page.Unit.allCases {
          let isThis = unit == part.unit
          HTML("li") {
            HTML(
              "a",
              [
                "href": page.historyPath(kind, by: unit, before: end, localized),
                "aria-current": isThis ? "true" : nil,
              ]
            ) { name(unit) }
          }
        }
      }
    }
  }

  private func name(_ unit: NumberHistory.Page.Unit) -> String {
    switch unit {
    case .day: localized("By day", "Par jour")
    case .hour: localized("By hour", "Par heure")
    case .minute: localized("By minute", "Par minute")
    case .arrival: localized("Each arrival", "Chaque arrivée")
    }
  }

  @HTMLBuilder private func content(_ history: NumberHistory) -> HTML {
    let values = history.steps.flatMap { [$0.before, $0.after] }.compactMap { $0.value(of: kind) }
    let format = ValueFormat(page.numbers, kind, distinguishing: values)
    HTML("p", ["class": "value"]) { text(history.newest, format) }
    if let end {
      HTML("p", ["class": "as-of"]) {
        let instant = page.dates.second(end)
        localized("As known at \(instant)", "État connu le \(instant)")
      }
    }
    if differs {
      HTML("p", ["role": "note"]) {
        localized(
          "The report says another number: it was made of other events than these, older or newer ones.",
          "Le rapport indique un autre nombre\u{a0}: il repose sur d’autres événements, plus anciens ou plus récents."
        )
      }
    }
    if history.steps.isEmpty {
      HTML("p") { localized("It has not changed.", "Il n’a pas changé.") }
    }
    for (index, step) in history.steps.enumerated() { section(step, "step-\(index + 1)", format) }
    if history.earlier != nil || end != nil {
      HTML("nav", ["class": "questions", "aria-label": localized("Pages", "Pages")]) {
        HTML("ul") {
          if let earlier = history.earlier {
            HTML("li") {
              HTML(
                "a",
                ["href": page.historyPath(kind, by: part.unit, before: earlier, localized), "rel": "next"]
              ) {
                localized("Earlier", "Plus ancien")
              }
            }
          }
          if end != nil {
            HTML("li") {
              HTML("a", ["href": page.historyPath(kind, by: part.unit, localized)]) {
                localized("Newest", "Le plus récent")
              }
            }
          }
        }
      }
    }
  }

  private func section(_ step: NumberHistory.Step, _ id: String, _ format: ValueFormat) -> HTML {
    HTML("section", ["class": "step", "aria-labelledby": id]) {
      HTML("h2", ["id": id]) { when(step.start) }
      HTML("p") { summary(step, format) }
      if !step.changes.isEmpty {
        ChangeTable(page: page, changes: step.changes, listedChanges: Self.listedChanges, isStep: true).html
      }
    }
  }

  private func when(_ time: Timestamp) -> String {
    switch part.unit {
    case .day: page.dates.day(time)
    case .hour, .minute: page.dates.instant(time)
    case .arrival: page.dates.second(time)
    }
  }

  /// "$10,000 → $10,700 (+$700)".
  private func summary(_ step: NumberHistory.Step, _ format: ValueFormat) -> String {
    let texts = "\(text(step.before, format)) → \(text(step.after, format))"
    guard let before = step.before.value(of: kind), let after = step.after.value(of: kind) else {
      return texts
    }
    return before == after ? texts : "\(texts) (\(format.change(after - before)))"
  }

  private func text(_ figures: NumberHistory.Figures, _ format: ValueFormat) -> String {
    switch figures.standing {
    case .published: figures.value(of: kind).map(format.text) ?? localized("no value", "pas de valeur")
    case .otherMonth: localized("not published", "non publié")
    case .unknownPartner: localized("not published: partner unknown", "non publié\u{a0}: partenaire inconnu")
    case .noAccount: localized("not published: no account", "non publié\u{a0}: sans compte")
    case .excludedCountry: localized("not published: excluded country", "non publié\u{a0}: pays exclu")
    }
  }
}
