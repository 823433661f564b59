import Contract
import Indicators

/// The page "Why this number": the facts behind an indicator.
struct ExplanationPage {
  /// Beyond, the page says how many more there are; the API has them all.
  private static let listedFacts = 500

  let page: PageContext
  let kind: IndicatorKind
  let answer: ExplanationAnswer
  /// What the report is made of at the moment.
  let published: Components?

  private var say: Language { page.say }
  private var title: String { say("Why this number", "Pourquoi ce nombre") }

  var html: HTML {
    .document(
      HTML("html", ["lang": say.rawValue]) {
        HTML.head(title: "\(title) – \(page.isolatedName)") { HTML.colorScheme }
        HTML("body") {
          SiteHeader(
            say: say, link: { page.explanationPath(kind, $0) ?? "/" }, isAdministrator: page.isAdministrator
          ).html
          HTML("main", ["class": "explanation"]) {
            HTML("p") { HTML("a", ["href": page.reportPath]) { say("Back", "Retour") } }
            HTML("h1") { title }
            HTML("p", ["class": "subject"]) { subject }
            HTML("p") { IndicatorTexts(kind, say).meaning }
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
    case .inWork:
      HTML("p", ["role": "status"]) {
        say(
          "The events are being read. This page loads itself again.",
          "Lecture des événements en cours. Cette page se recharge d’elle-même.")
      }
    case .busy, .tooMany, .failed, .unknownCell, .compared:
      HTML("p", ["role": "alert"]) {
        say(
          "There is no explanation at the moment. Please try again later.",
          "Aucune explication n’est disponible pour le moment. Veuillez réessayer plus tard.")
      }
    }
  }

  @HTMLBuilder private func facts(_ explanation: Explanation) -> HTML {
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
    ExplanationTables(page: page, explanation: explanation, listedFacts: Self.listedFacts).html
  }
}
