import Contract

/// The page "Partner contribution".
struct PartnerPage {
  let page: PageContext

  private var localized: Language { page.localized }
  private var report: PartnerReport { page.report }

  var html: HTML {
    let (head, header, main) = (head, header, main)
    return .document(
      HTML("html", ["lang": localized.rawValue]) {
        head
        HTML("body") {
          HTML("a", ["class": "skip", "href": "#report"]) {
            localized("Skip to the indicators", "Aller aux indicateurs")
          }
          header
          main
          state(of: main.parts)
        }
      })
  }

  /// The state for the script: which report this is, the id of the report's event, and the versions of the page's parts.
  private func state(of parts: [HTML.Part]) -> HTML {
    HTML(
      "template",
      [
        "id": "state", "data-of": page.identity, "data-id": report.eventID,
        "data-versions": parts.map(\.version).joined(separator: ","),
      ])
  }

  /// Only the parts whose versions differ from the `known` ones; nil if the page has a different number of parts.
  func changes(since known: [Substring]) -> HTML? {
    let parts = main.parts
    guard parts.count == known.count else { return nil }
    return .document(
      HTML([state(of: parts)] + zip(parts, known).filter { $0.0.version != $0.1 }.map { HTML($0.0) }))
  }

  /// Seconds without an event after which the page says that it may be outdated.
  private static let staleSeconds = 3600

  private var title: String { localized("Partner contribution", "Contribution partenaire") }

  private var head: HTML {
    HTML.head(title: [title, page.isolatedName].filter { !$0.isEmpty }.joined(separator: " – ")) {
      HTML.colorScheme
      // With a script the page updates itself.
      if page.progress != nil {
        HTML("noscript") { HTML.void("meta", ["http-equiv": "refresh", "content": "3"]) }
      }
      HTML("script", ["src": PageAssets.script.path, "defer": ""])
    }
  }

  private var header: HTML {
    SiteHeader(
      localized: localized, link: { page.query.link($0) }, isAdministrator: page.isAdministrator,
      middle: HTML([badge, pause])
    ).html
  }

  /// The state of the stream; the script inserts one of the texts.
  private var badge: HTML {
    HTML(
      "p",
      [
        "class": "live", "id": "live", "hidden": "", "data-live": localized("Live", "En direct"),
        "data-stale": localized("Stale", "Sans nouvelles"), "data-stale-after": String(Self.staleSeconds),
        "data-lost": localized("Reconnecting", "Reconnexion"), "data-paused": localized("Paused", "En pause"),
        "data-ended": localized("Reload to sign in again", "Rechargez pour vous reconnecter"),
        "data-age": localized("newest event {age}", "dernier événement {age}"),
        "data-now": localized("less than a minute ago", "il y a moins d’une minute"),
      ])
  }

  private var pause: HTML {
    HTML(
      "button",
      [
        "type": "button", "class": "pause", "id": "pause", "hidden": "",
        "data-resume": localized("Resume updates", "Reprendre les mises à jour"),
      ]
    ) { localized("Pause updates", "Suspendre les mises à jour") }
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
    if !report.partnerID.isEmpty { HTML("strong", ["dir": "auto"]) { page.partnerName } }
    if !page.partnerName.hasSameUTF8(as: report.partnerID) {
      HTML("span", ["dir": "auto"]) { report.partnerID }
    }
    if !report.month.isEmpty {
      HTML("span") {
        page.dates.month(report.month)
        if report.isInProgress { HTML("em", ["class": "badge"]) { localized("in progress", "en cours") } }
      }
    }
    if let filters = page.filterText { HTML("span") { filters } }
  }
}
