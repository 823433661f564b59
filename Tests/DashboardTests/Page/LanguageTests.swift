import Dashboard
import Testing

@Suite struct LanguageTests {
  @Test(
    arguments: [
      (nil, .english), ("", .english), ("fr", .french), ("fr-CA,fr;q=0.9,en;q=0.8", .french),
      ("en-US,fr;q=0.5", .english),
      ("en;q=0.5, fr;q=0.7", .french), ("de,fr;q=0.4,en;q=0.3", .french), ("de", .english), ("*", .english),
      ("FR-be", .french), ("fr;q=0,en;q=0.1", .english), ("fr;q=x", .english), (";;,,;q=1", .english),
    ] as [(String?, Language)])
  func theWantedOneIsTaken(header: String?, language: Language) {
    #expect(Language(acceptLanguage: header) == language)
  }
}
