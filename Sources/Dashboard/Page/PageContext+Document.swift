import Contract

/// Common parts of the pages about one indicator of a partner.
extension PageContext {
  /// A document with the content `main`. `link` returns the address of the same page in a language.
  func document(
    title: String, class name: String, link: @escaping (Language) -> String,
    @HTMLBuilder head: () -> HTML = { .empty }, @HTMLBuilder main: () -> HTML
  ) -> HTML {
    .document(
      HTML("html", ["lang": localized.rawValue]) {
        HTML.head(title: "\(title) – \(isolatedName)") {
          HTML.colorScheme
          head()
        }
        HTML("body") {
          SiteHeader(localized: localized, link: link, isAdministrator: isAdministrator).html
          HTML("main", ["class": name]) { main() }
        }
      })
  }

  /// The indicator, partner, month and filters that an explanation is for.
  @HTMLBuilder func explained(_ kind: IndicatorKind) -> HTML {
    HTML("strong") { IndicatorTexts(kind, localized).name }
    HTML("span", ["dir": "auto"]) { partnerName }
    HTML("span") { dates.month(report.month) }
    if let filters = filterText { HTML("span") { filters } }
  }
}
