import Contract

/// The form that chooses partner, month, product, workload and location; it works without script.
struct Filters {
  let page: PageContext

  private var say: Language { page.say }
  private var report: PartnerReport { page.report }

  var html: HTML {
    HTML("form", ["class": "filters", "id": "filters", "method": "get", "action": "/"]) {
      if let language = page.query.language {
        HTML.void("input", ["type": "hidden", "name": "lang", "value": language.rawValue])
      }
      if page.isAdministrator || page.partners != nil { partner }
      field("month", say("Month", "Mois"), selected: report.month, options: months)
      field("product", say("Product", "Produit"), selected: report.cell.product, options: products)
      field(
        "workload", say("Workload", "Charge de travail"), selected: report.cell.workload, options: workloads,
        isDisabled: report.cell.product.isEmpty)
      field(
        "country", say("Customer location", "Pays du client"), selected: report.cell.country,
        options: countries)
      HTML("button", ["type": "submit", "class": "apply"]) { say("Show", "Afficher") }
    }
  }

  private typealias Choice = (value: String, label: String)

  private func field(
    _ name: StaticString, _ label: String, selected: String, options: [Choice], isDisabled: Bool = false
  ) -> HTML {
    // What is chosen stays on offer, even where it has nothing.
    let missing =
      options.contains { $0.value.hasSameUTF8(as: selected) }
      ? [] : [(value: selected, label: unlisted(selected, name))]
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
          // An empty value is a value too, which the builder would take for a flag: that is the same to a form.
          HTML(
            "option", ["value": choice.value, "selected": choice.value.hasSameUTF8(as: selected) ? "" : nil]
          ) {
            choice.label
          }
        }
      }
    }
  }

  private func unlisted(_ value: String, _ name: StaticString) -> String {
    switch "\(name)" {
    case "month": page.dates.month(value)
    case "product": page.settings.names.product(value)
    case "workload": page.settings.names.workload(value, ofProduct: report.cell.product)
    case "country": CountryNames.name(value, say)
    case "partner": choiceLabel(ofPartner: value)
    default: value
    }
  }

  /// With the id, since several partners may have one name.
  private func choiceLabel(ofPartner id: String) -> String {
    let name = page.settings.partners.name(of: id)
    return name.hasSameUTF8(as: id) ? id : "\(name) (\(id))"
  }

  private var months: [Choice] { report.months.reversed().map { ($0, page.dates.month($0)) } }

  private var products: [Choice] {
    [("", say("All products", "Tous les produits"))]
      + report.choices.products.map { ($0, page.settings.names.product($0)) }
  }

  private var workloads: [Choice] {
    guard !report.cell.product.isEmpty else {
      return [("", say("Choose a product first", "Choisissez d’abord un produit"))]
    }
    return [("", say("All workloads", "Toutes les charges"))]
      + report.choices.workloads.map {
        ($0, page.settings.names.workload($0, ofProduct: report.cell.product))
      }
  }

  private var countries: [Choice] {
    [("", say("All locations", "Tous les pays"))]
      + Self.sorted(report.choices.countries.map { ($0, CountryNames.name($0, say)) })
  }

  private static func sorted(_ choices: [Choice]) -> [Choice] {
    // Labels that differ by accents alone are in the order of their bytes.
    choices.map { (choice: $0, key: (ExactText(sortKey($0.label)), ExactText($0.label))) }
      .sorted { $0.key < $1.key }.map(\.choice)
  }

  /// Without accents: "États-Unis" is among the E.
  private static func sortKey(_ name: String) -> String {
    String(
      name.lowercased().map { character in
        switch character {
        case "é", "è", "ê": "e"
        case "î": "i"
        case "å": "a"
        case "ô": "o"
        default: character
        }
      })
  }

  private var partner: HTML {
    let label = say("Partner", "Partenaire")
    guard let partners = page.partners else {
      return HTML("div", ["class": "field"]) {
        HTML("label", ["for": "filter-partner"]) { label }
        HTML.void(
          "input",
          [
            "type": "text", "name": "partner", "id": "filter-partner",
            "value": page.query.partner ?? report.partnerID,
          ])
      }
    }
    return field(
      "partner", label, selected: report.partnerID,
      options: Self.sorted(partners.map { ($0, choiceLabel(ofPartner: $0)) }))
  }
}
