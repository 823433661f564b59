/// The head of each page: the name, what is in between, and the switch between languages.
struct SiteHeader {
  let localized: Language
  /// The address of the same page in a language.
  let link: (Language) -> String
  var isAdministrator = false
  var middle = HTML.empty

  var html: HTML {
    HTML("header", ["class": "top"]) {
      HTML("p", ["class": "brand"]) { HTML("a", ["href": "/"]) { "PartnerPulse" } }
      if isAdministrator {
        HTML("p", ["class": "all"]) {
          HTML("a", ["href": "/partners"]) { localized("All partners", "Tous les partenaires") }
        }
      }
      middle
      HTML("nav", ["class": "languages", "aria-label": localized("Language", "Langue")]) {
        for language in Language.allCases {
          HTML(
            "a",
            [
              "href": link(language), "lang": language.rawValue, "hreflang": language.rawValue,
              "aria-current": language == localized ? "true" : nil,
            ]
          ) { language.ownName }
        }
      }
    }
  }
}
