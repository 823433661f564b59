import Contract
import Indicators

/// The pages "Why this number" and "Why it changed": the facts behind an indicator, or behind its difference from another value.
struct ExplanationPage {
  /// The maximum of facts that are listed. The page says how many more there are; the API lists all.
  private static let listedFacts = 500

  let page: PageContext
  let kind: IndicatorKind
  let answer: ExplanationAnswer
  /// Whether the report shows other numbers at the moment.
  let differs: Bool
  /// The customer that the page is limited to; empty for all.
  let customer: String
  /// What the number is compared with; nil for "Why this number".
  let comparison: ExplanationQuery.Comparison?
  /// In seconds since 1970.
  let now: Int64

  private var localized: Language { page.localized }
  private var title: String {
    comparison == nil
      ? localized("Why this number", "Pourquoi ce nombre")
      : localized("Why it changed", "Pourquoi ce changement")
  }

  var html: HTML {
    page.document(
      title: title, class: "explanation",
      link: { page.explanationPath(kind, of: customer, against: comparison, $0) ?? "/" }
    ) {
      HTML("p") { HTML("a", ["href": page.reportPath]) { localized("Back", "Retour") } }
      HTML("h1") { title }
      HTML("p", ["class": "subject"]) { subject }
      HTML("p") { IndicatorTexts(kind, localized).meaning }
      others
      content
    }
  }

  @HTMLBuilder private var subject: HTML {
    page.explained(kind)
    if !customer.isEmpty {
      HTML("span", ["dir": "auto"]) { customerName }
      HTML("a", ["href": page.explanationPath(kind, against: comparison, localized) ?? "/"]) {
        localized("All customers", "Tous les clients")
      }
    }
  }

  /// "Acme Corporation (c-1)".
  private var customerName: String {
    let name =
      switch answer {
      case .facts(let explanation): explanation.facts.first?.customerName ?? ""
      case .difference(let difference): difference.changes.first?.fact.customerName ?? ""
      case .history, .inWork, .busy, .tooMany, .failed, .unknownCell: ""
      }
    return name.isEmpty ? customer : "\(name.isolated) (\(customer.isolated))"
  }

  @HTMLBuilder private var content: HTML {
    switch answer {
    case .facts(let explanation): facts(explanation)
    case .difference(let difference):
      head(difference.after)
      DifferenceTables(
        page: page, difference: difference, listedChanges: Self.listedFacts, customers: customers(difference)
      ).html
    case .history, .inWork, .busy, .tooMany, .failed, .unknownCell: answer.notice(localized)
    }
  }

  /// Links to the other questions about the number.
  private var others: HTML {
    HTML("nav", ["class": "questions", "aria-label": localized("Questions", "Questions")]) {
      HTML("ul") {
        question(nil, localized("Why this number", "Pourquoi ce nombre"))
        if let month = Month(page.report.month) {
          for months in [1, 12] as [Int32] {
            let other = page.month(before: Int(months))
            question(
              .month(month - months),
              localized("Why it changed from \(other)", "Pourquoi ce changement par rapport à \(other)"))
          }
        }
        for (days, name) in [
          (1, localized("yesterday", "hier")), (7, localized("last week", "la semaine dernière")),
          (30, localized("30 days ago", "il y a 30 jours")),
        ] as [(Int64, String)] {
          // Rounded to the minute, so that the answer is found in the cache for a while.
          let moment = (now - days * 86_400) / 60 * 60_000
          question(
            .moment(moment),
            localized("What has changed in it since \(name)", "Ce qui y a changé depuis \(name)"))
        }
        if page.hasHistories, customer.isEmpty {
          HTML("li") {
            HTML("a", ["href": page.historyPath(kind, by: .day, page.localized)]) {
              localized("When it changed, and how", "Quand et comment il a changé")
            }
          }
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
        HTML("a", ["href": page.explanationPath(kind, of: customer, against: other, page.localized) ?? "/"]) {
          text
        }
      }
    }
  }

  @HTMLBuilder private func facts(_ explanation: Explanation) -> HTML {
    head(explanation)
    ExplanationTables(
      page: page, explanation: explanation, listedFacts: Self.listedFacts,
      customers: customer.isEmpty ? CustomerTable(page: page, kind: kind, explanation: explanation) : nil
    ).html
  }

  private func customers(_ difference: ExplanationDifference) -> CustomerTable? {
    customer.isEmpty
      ? CustomerTable(page: page, kind: kind, difference: difference, against: comparison) : nil
  }

  @HTMLBuilder private func head(_ explanation: Explanation) -> HTML {
    if let value = explanation.value(of: kind) {
      HTML("p", ["class": "value"]) { page.text(value, kind) }
    }
    if let asOf = explanation.asOf {
      HTML("p", ["class": "as-of"]) {
        localized("Events up to ", "Événements jusqu’au ") + page.dates.instant(asOf)
      }
    }
    if differs {
      let reported = page.report[kind].flatMap(\.value).map { page.text($0, kind) } ?? "–"
      HTML("p", ["role": "note"]) {
        localized(
          "The report says \(reported): it was made of other events than these, older or newer ones.",
          "Le rapport indique \(reported)\u{a0}: il repose sur d’autres événements, plus anciens ou plus récents."
        )
      }
    }
  }
}

extension ExplanationAnswer {
  /// Why there is nothing to show yet.
  func notice(_ localized: Language) -> HTML {
    if case .inWork = self {
      return HTML("p", ["role": "status"]) {
        localized(
          "The events are being read. This page loads itself again.",
          "Lecture des événements en cours. Cette page se recharge d’elle-même.")
      }
    }
    return HTML("p", ["role": "alert"]) {
      localized(
        "There is no explanation at the moment. Please try again later.",
        "Aucune explication n’est disponible pour le moment. Veuillez réessayer plus tard.")
    }
  }
}
