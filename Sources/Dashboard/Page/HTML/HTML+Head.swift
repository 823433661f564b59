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
