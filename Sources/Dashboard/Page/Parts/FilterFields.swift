import Contract

/// The form fields for month, product, workload and location; they work without a script.
struct FilterFields {
  typealias Choice = (value: String, label: String)

  let localized: Language
  let names: DisplayNames
  let months: [String]
  let choices: FilterChoices
  /// The month that was chosen; empty for the newest.
  let month: String
  let cell: Cell

  private var dates: DateFormat { DateFormat(localized) }

  var html: HTML {
    HTML([
      field("month", localized("Month", "Mois"), selected: month, options: monthChoices) { dates.month($0) },
      field("product", localized("Product", "Produit"), selected: cell.product, options: products) {
        names.product($0)
      },
      field(
        "workload", localized("Workload", "Charge de travail"), selected: cell.workload, options: workloads,
        isDisabled: cell.product.isEmpty
      ) { names.workload($0, ofProduct: cell.product) },
      field(
        "country", localized("Customer location", "Pays du client"), selected: cell.country,
        options: countries
      ) { CountryNames.name($0, localized) },
    ])
  }

  /// The first choice follows the newest month; any other stays with that month.
  private var monthChoices: [Choice] {
    let newest = months.last.map { " (\(dates.month($0)))" } ?? ""
    return [("", localized("Newest month", "Mois le plus récent") + newest)]
      + months.reversed().map { ($0, dates.month($0)) }
  }

  private var products: [Choice] {
    [("", localized("All products", "Tous les produits"))] + choices.products.map { ($0, names.product($0)) }
  }

  private var workloads: [Choice] {
    guard !cell.product.isEmpty else {
      return [("", localized("Choose a product first", "Choisissez d’abord un produit"))]
    }
    return [("", localized("All workloads", "Toutes les charges"))]
      + choices.workloads.map { ($0, names.workload($0, ofProduct: cell.product)) }
  }

  private var countries: [Choice] {
    [("", localized("All locations", "Tous les pays"))]
      + Self.sorted(choices.countries.map { ($0, CountryNames.name($0, localized)) })
  }

  /// In alphabetical order, regardless of case and diacritics.
  static func sorted(_ choices: [Choice]) -> [Choice] {
    choices.map { (choice: $0, folded: Folding.bytes($0.label)) }
      .sorted { left, right in
        left.folded == right.folded
          ? ExactText(left.choice.label) < ExactText(right.choice.label)
          : left.folded.lexicographicallyPrecedes(right.folded)
      }.map(\.choice)
  }

  /// One field. The selected value remains a choice even if it is not among `options`; `unlisted` returns its label.
  func field(
    _ name: StaticString, _ label: String, selected: String, options: [Choice], isDisabled: Bool = false,
    unlisted: (String) -> String
  ) -> HTML {
    let missing =
      options.contains { $0.value.hasSameUTF8(as: selected) }
      ? [] : [(value: selected, label: unlisted(selected))]
    return HTML("div", ["class": "field"]) {
      HTML("label", ["for": "filter-\(name)"]) { label }
      HTML(
        "select",
        [
          "name": "\(name)", "id": "filter-\(name)", "data-part": "filter-\(name)",
          "disabled": isDisabled ? "" : nil,
        ]
      ) {
        for choice in missing + options {
          // An empty value is written as a flag, which a form submits as an empty value.
          HTML(
            "option", ["value": choice.value, "selected": choice.value.hasSameUTF8(as: selected) ? "" : nil]
          ) {
            choice.label
          }
        }
      }
    }
  }
}
