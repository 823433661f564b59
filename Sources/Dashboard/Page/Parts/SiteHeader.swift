extension HTML {
  /// The `head` element of each page; `more` is specific to one page.
  static func head(title: String, @HTMLBuilder more: () -> HTML = { .empty }) -> HTML {
    HTML("head") {
      void("meta", ["charset": "utf-8"])
      void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
      HTML("title") { title }
      void("link", ["rel": "icon", "href": PageAssets.icon.path, "type": "image/svg+xml"])
      void("link", ["rel": "stylesheet", "href": PageAssets.style.path])
      more()
    }
  }

  /// Tells the browser before the style sheet is loaded that the page supports dark mode.
  static var colorScheme: HTML { void("meta", ["name": "color-scheme", "content": "light dark"]) }
}

/// The header that is visible on each page: the program's name, `middle`, and the links to the languages.
struct SiteHeader {
  let localized: Language
  /// Returns the address of the same page in a language.
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
