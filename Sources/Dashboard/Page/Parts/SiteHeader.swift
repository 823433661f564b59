extension HTML {
  /// The `head` of each page; `more` is what only one of them has.
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

  /// Tells a browser, before the style sheet comes, that the page can be dark.
  static var colorScheme: HTML { void("meta", ["name": "color-scheme", "content": "light dark"]) }
}

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
