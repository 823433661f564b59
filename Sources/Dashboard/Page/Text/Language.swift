/// A language of the page.
package enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case french = "fr"

  /// The language's name in that language.
  var ownName: String { self("English", "Français") }

  /// The text in this language.
  func callAsFunction(_ english: String, _ french: String) -> String {
    self == .english ? english : french
  }

  /// The language that `Accept-Language` prefers (RFC 9110, 12.5.4); English if it names neither.
  package init(acceptLanguage header: String?) {
    var best: (language: Language, quality: Double)?
    for range in (header ?? "").split(separator: ",").prefix(50) {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let tag = parts.first?.split(separator: "-").first else { continue }
      let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      guard let language = tag == "*" ? .english : Language(rawValue: String(tag)), quality > 0,
        quality > best?.quality ?? 0
      else { continue }
      best = (language, quality)
    }
    self = best?.language ?? .english
  }
}
