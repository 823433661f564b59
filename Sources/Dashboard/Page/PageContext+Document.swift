import Contract

/// What the pages about one indicator of a partner have in common.
extension PageContext {
  /// The document around what `main` holds. `link` is the address of the same page in a language.
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

  /// The indicator, the partner, the month and the filters that an explanation is about.
  @HTMLBuilder func explained(_ kind: IndicatorKind) -> HTML {
    HTML("strong") { IndicatorTexts(kind, localized).name }
    HTML("span", ["dir": "auto"]) { partnerName }
    HTML("span") { dates.month(report.month) }
    if let filters = filterText { HTML("span") { filters } }
  }
}
