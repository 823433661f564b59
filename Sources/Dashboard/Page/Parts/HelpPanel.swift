import Contract

/// The panel with the meaning of the indicators, and frequent questions.
struct HelpPanel {
  let page: PageContext

  private var localized: Language { page.localized }

  var html: HTML {
    HTML("aside", ["class": "help", "id": "help", "aria-labelledby": "help-title"]) {
      HTML("h2", ["id": "help-title"]) { localized("What the numbers mean", "Ce que disent les chiffres") }
      HTML("h3") { localized("The seven indicators", "Les sept indicateurs") }
      for kind in IndicatorKind.allCases {
        let texts = IndicatorTexts(kind, localized)
        entry(texts.name, texts.meaning)
      }
      HTML("h3") { localized("Usual questions", "Questions fréquentes") }
      for question in Question.all(localized, page.rule) { entry(question.title, question.answer) }
      HTML("p", ["class": "note"]) {
        localized(
          "Each indicator covers the twelve months up to the chosen one, or its end. Months are in UTC.",
          "Chaque indicateur porte sur les douze mois jusqu’au mois choisi, ou sur sa fin. Les mois sont en UTC."
        )
      }
    }
  }

  private func entry(_ title: String, _ text: String) -> HTML {
    HTML("details") {
      HTML("summary") { title }
      HTML("p") { text }
    }
  }
}
