import Contract

/// The page "All partners", for administrators: a table with the seven indicators of each partner.
struct OverviewPage {
  let overview: PartnerOverview
  let query: OverviewQuery
  let settings: PageSettings
  let localized: Language

  private var numbers: NumberFormat { NumberFormat(localized, currency: settings.currency) }
  private var title: String { localized("All partners", "Tous les partenaires") }

  var html: HTML {
    .document(
      HTML("html", ["lang": localized.rawValue]) {
        HTML.head(title: title) { HTML.colorScheme }
        HTML("body") {
          HTML("a", ["class": "skip", "href": "#partners"]) {
            localized("Skip to the table", "Aller au tableau")
          }
          SiteHeader(localized: localized, link: { query.link($0) }, isAdministrator: true).html
          HTML("main") {
            HTML("h1") { title }
            HTML("p", ["class": "subject"]) { subject }
            form
            table
            pages
          }
        }
      })
  }

  @HTMLBuilder private var subject: HTML {
    if !overview.month.isEmpty {
      HTML("span") {
        DateFormat(localized).month(overview.month)
        if overview.months.last?.hasSameUTF8(as: overview.month) == true {
          HTML("em", ["class": "badge"]) { localized("in progress", "en cours") }
        }
      }
    }
    HTML("span") {
      let count = numbers.decimal(Double(overview.count), digits: 0)
      overview.count == 1
        ? localized("1 partner", "1 partenaire") : localized("\(count) partners", "\(count) partenaires")
    }
  }

  private var form: HTML {
    HTML("form", ["class": "filters", "method": "get", "action": OverviewQuery.path, "autocomplete": "off"]) {
      if let language = query.base.language {
        HTML.void("input", ["type": "hidden", "name": "lang", "value": language.rawValue])
      }
      for (name, value) in query.sortItems {
        HTML.void("input", ["type": "hidden", "name": name, "value": value])
      }
      HTML("div", ["class": "field"]) {
        HTML("label", ["for": "filter-q"]) {
          localized("Part of a name or id", "Partie d’un nom ou identifiant")
        }
        HTML.void(
          "input", ["type": "search", "name": "q", "id": "filter-q", "value": query.text, "dir": "auto"])
      }
      FilterFields(
        localized: localized, names: settings.names, months: overview.months, choices: overview.choices,
        month: query.base.month ?? "", cell: overview.cell
      ).html
      HTML("button", ["type": "submit", "class": "apply"]) { localized("Show", "Afficher") }
    }
  }

  @HTMLBuilder private var table: HTML {
    if overview.rows.isEmpty {
      HTML("div", ["class": "report nothing", "id": "partners", "tabindex": "-1"]) {
        HTML("h2") { localized("No partner is found", "Aucun partenaire trouvé") }
        HTML("p") {
          localized(
            "Search for another part of a name, or choose other filters.",
            "Cherchez une autre partie d’un nom, ou choisissez d’autres filtres.")
        }
      }
    } else {
      HTML(
        "div",
        [
          "class": "report overview", "id": "partners", "tabindex": "0", "role": "region",
          "aria-label": title,
        ]
      ) {
        HTML("table") {
          HTML("thead") {
            HTML("tr") {
              heading(.name, localized("Partner", "Partenaire"))
              for kind in IndicatorKind.allCases {
                heading(.indicator(kind), IndicatorTexts(kind, localized).name)
              }
            }
          }
          HTML("tbody") { for row in overview.rows { line(row) } }
        }
      }
    }
  }

  private func heading(_ order: PartnerOverview.Order, _ name: String) -> HTML {
    let isSorted = order == query.order
    return HTML(
      "th",
      [
        "scope": "col", "class": order == .name ? nil : "number",
        "aria-sort": isSorted ? (query.isDescending ? "descending" : "ascending") : nil,
      ]
    ) {
      HTML("a", ["href": query.link(sortedBy: order)]) {
        name
        if isSorted { HTML("span", ["aria-hidden": "true"]) { query.isDescending ? "\u{a0}▼" : "\u{a0}▲" } }
      }
    }
  }

  private func line(_ row: PartnerOverview.Row) -> HTML {
    let name = settings.partners.name(of: row.partnerID)
    return HTML("tr") {
      HTML("th", ["scope": "row"]) {
        HTML("a", ["href": query.link(partner: row.partnerID), "dir": "auto"]) { name }
        if !name.hasSameUTF8(as: row.partnerID) { HTML("span", ["dir": "auto"]) { row.partnerID } }
      }
      for kind in IndicatorKind.allCases { HTML("td", ["class": "number"]) { value(row, kind) } }
    }
  }

  @HTMLBuilder private func value(_ row: PartnerOverview.Row, _ kind: IndicatorKind) -> HTML {
    let indicator = row.snapshot[kind] ?? Indicator()
    if let value = indicator.value {
      let format = ValueFormat(numbers, kind)
      let text = format.text(value)
      if text.count > Figure.mostCharacters {
        HTML("span", ["title": text]) { format.compact(value) }
      } else {
        HTML("span") { text }
      }
    } else {
      HTML("span", ["aria-hidden": "true"]) { "–" }
      HTML("span", ["class": "unseen"]) { localized("no value", "pas de valeur") }
    }
    HTML("span", ["class": "mini", "aria-hidden": "true"]) {
      for segment in Int32(1)...4 { HTML("i", ["class": segment == indicator.bar ? "own" : nil]) }
    }
    if let bar = indicator.bar {
      HTML("span", ["class": "unseen"]) { localized(", segment \(bar) of 4", ", segment \(bar) sur 4") }
    }
  }

  @HTMLBuilder private var pages: HTML {
    if overview.pages > 1 {
      HTML("nav", ["class": "pages", "aria-label": localized("Pages", "Pages")]) {
        if overview.page > 1 {
          HTML("a", ["href": query.link(page: overview.page - 1), "rel": "prev"]) {
            localized("Previous", "Précédente")
          }
        }
        HTML("span", ["aria-current": "page"]) {
          let (page, pages) = (
            numbers.decimal(Double(overview.page), digits: 0),
            numbers.decimal(Double(overview.pages), digits: 0)
          )
          localized("Page \(page) of \(pages)", "Page \(page) sur \(pages)")
        }
        if overview.page < overview.pages {
          HTML("a", ["href": query.link(page: overview.page + 1), "rel": "next"]) {
            localized("Next", "Suivante")
          }
        }
      }
    }
  }
}
