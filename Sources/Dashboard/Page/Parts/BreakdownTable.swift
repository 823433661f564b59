import Contract

/// An indicator by product, workload or location; each row links to the same page with that filter.
struct BreakdownTable {
  let page: PageContext
  let kind: IndicatorKind
  let breakdown: Breakdown
  private let format: ValueFormat

  private var localized: Language { page.localized }

  init(page: PageContext, kind: IndicatorKind, breakdown: Breakdown) {
    (self.page, self.kind, self.breakdown) = (page, kind, breakdown)
    format = ValueFormat(page.numbers, kind, distinguishing: breakdown.rows.map(\.value))
  }

  var html: HTML {
    HTML("table", ["class": "breakdown"]) {
      HTML("caption") { caption }
      HTML("thead") {
        HTML("tr") {
          HTML("th", ["scope": "col"]) { heading }
          HTML("th", ["scope": "col", "class": "number"]) { localized("Value", "Valeur") }
          if hasShares { HTML.shareHeads(localized) }
        }
      }
      HTML("tbody") { for row in breakdown.rows { line(row) } }
    }
  }

  private var hasShares: Bool { breakdown.rows.contains { $0.share != nil } }

  private var caption: String {
    switch breakdown.dimension {
    case .product: localized("By product", "Par produit")
    case .workload: localized("By workload", "Par charge de travail")
    case .country: localized("By customer location", "Par pays du client")
    }
  }

  private var heading: String {
    switch breakdown.dimension {
    case .product: localized("Product", "Produit")
    case .workload: localized("Workload", "Charge de travail")
    case .country: localized("Customer location", "Pays du client")
    }
  }

  private func line(_ row: Breakdown.Row) -> HTML {
    HTML("tr") {
      HTML("th", ["scope": "row"]) {
        HTML("a", ["href": page.indicatorPath(kind, row.cell)]) { name(row.cell) }
      }
      HTML("td", ["class": "number"]) { format.text(row.value) }
      if hasShares { HTML.shareCells(row.share, page.numbers) }
    }
  }

  private func name(_ cell: Cell) -> String {
    switch breakdown.dimension {
    case .product: page.settings.names.product(cell.product)
    case .workload: page.settings.names.workload(cell.workload, ofProduct: cell.product)
    case .country: CountryNames.name(cell.country, localized)
    }
  }
}
