import Contract

/// The page "Partner contribution".
struct PartnerPage {
  let page: PageContext

  private var say: Language { page.say }
  private var report: PartnerReport { page.report }

  var html: HTML {
    .document(
      HTML("html", ["lang": say.rawValue]) {
        head
        HTML("body") {
          HTML("a", ["class": "skip", "href": "#report"]) {
            say("Skip to the indicators", "Aller aux indicateurs")
          }
          header
          main
        }
      })
  }

  private var title: String { say("Partner contribution", "Contribution partenaire") }

  private var head: HTML {
    HTML.head(title: [title, page.partnerName].filter { !$0.isEmpty }.joined(separator: " – ")) {
      HTML.colorScheme
      HTML("script", ["src": PageAssets.script.path, "defer": ""])
    }
  }

  private var header: HTML {
    HTML("header", ["class": "top"]) {
      HTML("p", ["class": "brand"]) { "PartnerPulse" }
      HTML(
        "p",
        [
          "class": "live", "id": "live", "hidden": "", "data-live": say("Live", "En direct"),
          "data-lost": say("Reconnecting", "Reconnexion"),
          "data-ended": say("Reload to sign in again", "Rechargez pour vous reconnecter"),
        ])
      HTML("nav", ["class": "languages", "aria-label": say("Language", "Langue")]) {
        for language in Language.allCases {
          HTML(
            "a",
            [
              "href": page.query.link(language), "lang": language.rawValue, "hreflang": language.rawValue,
              "aria-current": language == say ? "true" : nil,
            ]
          ) { language.ownName }
        }
      }
    }
  }

  private var main: HTML {
    HTML("main") {
      HTML("div", ["class": "heading"]) {
        HTML("h1") { title }
        HTML("p", ["class": "subject", "data-part": "subject"]) { subject }
      }
      Filters(page: page).html
      HTML("div", ["class": "columns"]) {
        ReportPanel(page: page).html
        HelpPanel(page: page).html
      }
      HTML("p", ["class": "unseen", "id": "news", "role": "status", "aria-live": "polite"])
    }
  }

  @HTMLBuilder private var subject: HTML {
    if !report.partnerID.isEmpty { HTML("strong") { page.partnerName } }
    if !page.partnerName.hasSameUTF8(as: report.partnerID) { HTML("span") { report.partnerID } }
    if !report.month.isEmpty { HTML("span") { page.dates.month(report.month) } }
    if let filters = page.filterText { HTML("span") { filters } }
  }
}
