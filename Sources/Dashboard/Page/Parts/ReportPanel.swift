import Contract
import Topology

/// The indicators, or why there are none.
struct ReportPanel {
  let page: PageContext

  private var localized: Language { page.localized }
  private var report: PartnerReport { page.report }

  var html: HTML {
    HTML(
      "div",
      [
        "class": "report", "id": "report", "tabindex": "-1",
        "data-updated": localized("Updated", "Mis à jour"),
      ]
    ) {
      if report.hasSnapshot {
        legend
        for indicator in report.indicators { IndicatorRow(page: page, indicator: indicator).html }
        exports
      } else {
        HTML("div", ["class": "nothing", "role": "note", "data-part": "nothing"]) {
          HTML("h2") { reason.title }
          HTML("p") { reason.advice }
          if let progress = page.progress { reading(progress) }
          if page.isAdministrator, !report.partnerID.isEmpty, !page.isKnownPartner {
            HTML("p") {
              HTML("a", ["href": PageQuery.path(OverviewQuery.path, [("q", report.partnerID)])]) {
                localized(
                  "Search for “\(report.partnerID.isolated)” among all partners",
                  "Chercher «\u{a0}\(report.partnerID.isolated)\u{a0}» parmi tous les partenaires")
              }
            }
          }
        }
      }
    }
  }

  /// Links to tables for a spreadsheet, and to the permanent address.
  private var exports: HTML {
    HTML("div", ["class": "exports", "data-part": "exports"]) {
      HTML("a", ["href": page.exportPath("indicators.csv"), "download": ""]) {
        localized("This view as a table (CSV)", "Cette vue en tableau (CSV)")
      }
      HTML("a", ["href": page.exportPath("history.csv"), "download": ""]) {
        localized("Twelve months as a table (CSV)", "Douze mois en tableau (CSV)")
      }
      HTML("a", ["id": "permalink", "href": page.permanentPath]) {
        localized("Link to this view", "Lien vers cette vue")
      }
    }
  }

  private func reading(_ progress: Progress) -> HTML {
    // Never 100, since something is still to come.
    let percent = min(99, Int(progress.share * 100))
    let text = localized("\(percent)% is read", "\(percent)\u{202f}% est lu")
    return HTML("p", ["class": "reading"]) {
      HTML(
        "progress",
        ["max": "100", "value": String(percent), "aria-label": localized("Read so far", "Déjà lu")])
      HTML("span") { text }
    }
  }

  private var legend: HTML {
    HTML("div", ["class": "legend", "data-part": "legend"]) {
      HTML("p") {
        HTML("span", ["class": "mark", "aria-hidden": "true"])
        page.isAdministrator
          ? localized(
            "marks this partner’s segment; 4 has the greatest values.",
            "marque le segment de ce partenaire\u{202f}; le 4 a les plus grandes valeurs.")
          : localized(
            "marks your segment; 4 has the greatest values.",
            "marque votre segment\u{202f}; le 4 a les plus grandes valeurs.")
      }
      if let asOf = report.asOf {
        HTML("p", ["class": "as-of"]) {
          if report.isInProgress {
            localized(
              "\(page.dates.month(report.month)) is in progress: its numbers still change. ",
              "Le mois de \(page.dates.month(report.month)) est en cours\u{a0}: ses chiffres changent encore. "
            )
          }
          localized("Events up to ", "Événements jusqu’au ") + page.dates.instant(asOf)
        }
      }
    }
  }

  private var reason: (title: String, advice: String) {
    let month = page.dates.month(report.month)
    if page.progress != nil {
      return (
        localized("The results are being read", "Lecture des résultats en cours"),
        localized(
          "This takes a while after a start. The page shows them as soon as they are there.",
          "Cela prend un moment après un démarrage. La page les affichera dès qu’ils seront là.")
      )
    }
    if report.months.isEmpty {
      return (
        localized("There are no results yet", "Il n’y a pas encore de résultats"),
        localized(
          "They appear as soon as the first events are taken in.",
          "Ils apparaîtront dès la prise en compte des premiers événements.")
      )
    }
    if report.partnerID.isEmpty {
      return (
        localized("Choose a partner", "Choisissez un partenaire"),
        localized(
          "Type a part of its name or id above, or choose one among all partners.",
          "Saisissez une partie de son nom ou identifiant ci-dessus, ou choisissez parmi tous les partenaires."
        )
      )
    }
    if let filters = page.filterText {
      return (
        localized("Nothing under these filters in \(month)", "Rien sous ces filtres en \(month)"),
        localized(
          "\(page.isolatedName) has nothing that counts for \(filters) in this month. Choose other filters or another month.",
          "\(page.isolatedName) n’a aucun élément qui compte pour \(filters) ce mois-ci. Choisissez d’autres filtres ou un autre mois."
        )
      )
    }
    return (
      localized(
        "No results for \(page.isolatedName) in \(month)",
        "Aucun résultat pour \(page.isolatedName) en \(month)"),
      localized(
        "A partner appears in a month if it has an MPN or CSP account, a country that is not excluded, and something that counts.",
        "Un partenaire apparaît un mois donné s’il a un compte MPN ou CSP, un pays non exclu et au moins un élément qui compte."
      )
    )
  }
}
