import Contract
import Indicators

/// The pages "Why this number" and "Why it changed": the facts behind an indicator, or behind what it differs by.
struct ExplanationPage {
  /// Beyond, the page says how many more there are; the API has them all.
  private static let listedFacts = 500

  let page: PageContext
  let kind: IndicatorKind
  let answer: ExplanationAnswer
  /// What the report is made of at the moment.
  let published: Components?
  /// What the number is compared with; nil for nothing.
  let comparison: ExplanationQuery.Comparison?
  /// In seconds since 1970.
  let now: Int64

  private var say: Language { page.say }
  private var title: String {
    comparison == nil
      ? say("Why this number", "Pourquoi ce nombre") : say("Why it changed", "Pourquoi ce changement")
  }

  var html: HTML {
    .document(
      HTML("html", ["lang": say.rawValue]) {
        HTML.head(title: "\(title) – \(page.isolatedName)") { HTML.colorScheme }
        HTML("body") {
          SiteHeader(
            say: say, link: { page.explanationPath(kind, against: comparison, $0) ?? "/" },
            isAdministrator: page.isAdministrator
          ).html
          HTML("main", ["class": "explanation"]) {
            HTML("p") { HTML("a", ["href": page.reportPath]) { say("Back", "Retour") } }
            HTML("h1") { title }
            HTML("p", ["class": "subject"]) { subject }
            HTML("p") { IndicatorTexts(kind, say).meaning }
            others
            content
          }
        }
      })
  }

  @HTMLBuilder private var subject: HTML {
    HTML("strong") { IndicatorTexts(kind, say).name }
    HTML("span", ["dir": "auto"]) { page.partnerName }
    HTML("span") { page.dates.month(page.report.month) }
    if let filters = page.filterText { HTML("span") { filters } }
  }

  @HTMLBuilder private var content: HTML {
    switch answer {
    case .ready(let explanation): facts(explanation)
    case .compared(let difference):
      head(difference.after)
      DifferenceTables(page: page, difference: difference, listedChanges: Self.listedFacts).html
    case .inWork:
      HTML("p", ["role": "status"]) {
        say(
          "The events are being read. This page loads itself again.",
          "Lecture des événements en cours. Cette page se recharge d’elle-même.")
      }
    case .busy, .tooMany, .failed, .unknownCell:
      HTML("p", ["role": "alert"]) {
        say(
          "There is no explanation at the moment. Please try again later.",
          "Aucune explication n’est disponible pour le moment. Veuillez réessayer plus tard.")
      }
    }
  }

  /// The other questions about the number.
  private var others: HTML {
    HTML("nav", ["class": "questions", "aria-label": say("Questions", "Questions")]) {
      HTML("ul") {
        question(nil, say("Why this number", "Pourquoi ce nombre"))
        if let month = Month(page.report.month) {
          for months in [1, 12] as [Int32] {
            let other = page.month(before: Int(months))
            question(
              .month(month - months),
              say("Why it changed from \(other)", "Pourquoi ce changement par rapport à \(other)"))
          }
        }
        for (days, name) in [
          (1, say("yesterday", "hier")), (7, say("last week", "la semaine dernière")),
          (30, say("30 days ago", "il y a 30 jours")),
        ] as [(Int64, String)] {
          // To the minute, so that the answer serves for a while.
          let moment = (now - days * 86_400) / 60 * 60_000
          question(
            .moment(moment),
            say("What has changed in it since \(name)", "Ce qui y a changé depuis \(name)"))
        }
      }
    }
  }

  private func question(_ other: ExplanationQuery.Comparison?, _ text: String) -> HTML {
    let isThis = other == comparison
    return HTML("li") {
      if isThis {
        HTML("span", ["aria-current": "page"]) { text }
      } else {
        HTML("a", ["href": page.explanationPath(kind, against: other, page.say) ?? "/"]) { text }
      }
    }
  }

  @HTMLBuilder private func facts(_ explanation: Explanation) -> HTML {
    head(explanation)
    ExplanationTables(page: page, explanation: explanation, listedFacts: Self.listedFacts).html
  }

  @HTMLBuilder private func head(_ explanation: Explanation) -> HTML {
    if let value = explanation.value(of: kind) {
      HTML("p", ["class": "value"]) { page.text(value, kind) }
    }
    if let asOf = explanation.asOf {
      HTML("p", ["class": "as-of"]) {
        say("Events up to ", "Événements jusqu’au ") + page.dates.instant(asOf)
      }
    }
    if answer.differs(from: published) {
      let reported = page.report[kind].flatMap(\.value).map { page.text($0, kind) } ?? "–"
      HTML("p", ["role": "note"]) {
        say(
          "The report says \(reported): it was made of other events than these, older or newer ones.",
          "Le rapport indique \(reported)\u{a0}: il repose sur d’autres événements, plus anciens ou plus récents."
        )
      }
    }
  }
}
