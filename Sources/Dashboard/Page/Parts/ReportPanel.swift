import Contract

/// The indicators, or why there are none.
struct ReportPanel {
  let page: PageContext

  private var say: Language { page.say }
  private var report: PartnerReport { page.report }

  var html: HTML {
    HTML(
      "div",
      [
        "class": "report", "id": "report", "tabindex": "-1", "data-events": page.eventsPath,
        "data-updated": say("Updated", "Mis à jour"),
      ]
    ) {
      if report.hasSnapshot {
        legend
        for indicator in report.indicators { IndicatorRow(page: page, indicator: indicator).html }
      } else {
        HTML("div", ["class": "nothing", "role": "note"]) {
          HTML("h2") { reason.title }
          HTML("p") { reason.advice }
        }
      }
    }
  }

  private var legend: HTML {
    HTML("div", ["class": "legend", "data-part": "legend"]) {
      HTML("p") {
        HTML("span", ["class": "mark", "aria-hidden": "true"])
        page.isAdministrator
          ? say(
            "marks this partner’s segment; 4 has the greatest values.",
            "marque le segment de ce partenaire\u{202f}; le 4 a les plus grandes valeurs.")
          : say(
            "marks your segment; 4 has the greatest values.",
            "marque votre segment\u{202f}; le 4 a les plus grandes valeurs.")
      }
      if let asOf = report.asOf {
        HTML("p", ["class": "as-of"]) {
          say("Events up to ", "Événements jusqu’au ") + page.dates.instant(asOf)
        }
      }
    }
  }

  private var reason: (title: String, advice: String) {
    let month = page.dates.month(report.month)
    if report.months.isEmpty {
      return (
        say("There are no results yet", "Il n’y a pas encore de résultats"),
        say(
          "They appear as soon as the first events are taken in.",
          "Ils apparaîtront dès la prise en compte des premiers événements.")
      )
    }
    if report.partnerID.isEmpty {
      return (
        say("Choose a partner", "Choisissez un partenaire"),
        say("Enter a partner’s id above.", "Saisissez l’identifiant d’un partenaire ci-dessus.")
      )
    }
    if let filters = page.filterText {
      return (
        say("Nothing under these filters in \(month)", "Rien sous ces filtres en \(month)"),
        say(
          "\(page.partnerName) has nothing that counts for \(filters) in this month. Choose other filters or another month.",
          "\(page.partnerName) n’a aucun élément qui compte pour \(filters) ce mois-ci. Choisissez d’autres filtres ou un autre mois."
        )
      )
    }
    return (
      say(
        "No results for \(page.partnerName) in \(month)",
        "Aucun résultat pour \(page.partnerName) en \(month)"),
      say(
        "A partner appears in a month if it has an MPN or CSP account, a country that is not excluded, and something that counts.",
        "Un partenaire apparaît un mois donné s’il a un compte MPN ou CSP, un pays non exclu et au moins un élément qui compte."
      )
    )
  }
}
