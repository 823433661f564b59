import Contract

/// The names of countries in both languages.
enum CountryNames {
  private static let names: [ExactText: (english: String, french: String)] = {
    var names: [ExactText: (english: String, french: String)] = [:]
    for line in countryList.split(separator: "\n") {
      let fields = line.split(separator: "|").map(String.init)
      if fields.count == 3 { names[ExactText(fields[0])] = (fields[1], fields[2]) }
    }
    return names
  }()

  /// The name of an ISO 3166-1 alpha-2 code; the code itself if it is not assigned.
  static func name(_ code: String, _ language: Language) -> String {
    names[ExactText(code)].map { language($0.english, $0.french) } ?? code
  }
}
