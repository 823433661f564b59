import Contract

/// All that a page is made from.
struct PageContext {
  let report: PartnerReport
  let settings: PageSettings
  let rule: RangeRule
  let say: Language
  let isAdministrator: Bool
  /// Whether there is a page "Why this number".
  let isExplained: Bool
  /// To choose from; nil where there is no choice, or for an administrator where they are too many to list.
  let partners: [String]?
  let query: PageQuery

  /// What the report's partner is called.
  var partnerName: String { settings.partners.name(of: report.partnerID) }

  var numbers: NumberFormat { NumberFormat(say, currency: settings.currency) }
  var dates: DateFormat { DateFormat(say) }

  /// The value of an indicator in its own form.
  func text(_ value: Double, _ kind: IndicatorKind) -> String {
    switch kind.definition.format {
    case .money: numbers.money(value)
    case .count: numbers.decimal(value, digits: 0)
    case .decimal: numbers.decimal(value, digits: 1, exactly: true)
    case .ratio: numbers.decimal(value, digits: value.magnitude < 0.1 ? 3 : 2, exactly: true)
    }
  }

  /// A number of things.
  func count(_ number: Int) -> String { numbers.decimal(Double(number), digits: 0) }

  /// The page that explains an indicator; nil where there is none.
  func explanationPath(_ kind: IndicatorKind) -> String? {
    guard isExplained, report.hasSnapshot else { return nil }
    let items = [("partner", report.partnerID)] + filterItems + [("indicator", kind.name)]
    return "/explain?" + items.map { "\($0.0)=\(PageQuery.encoded($0.1))" }.joined(separator: "&")
  }

  /// Back from there.
  var reportPath: String {
    let items = [("partner", report.partnerID)] + filterItems
    return "/?" + items.map { "\($0.0)=\(PageQuery.encoded($0.1))" }.joined(separator: "&")
  }

  /// The month, unless it is the newest that is followed, and the filters.
  private var filterItems: [(String, String)] {
    [
      ("month", query.month ?? ""), ("product", report.cell.product), ("workload", report.cell.workload),
      ("country", report.cell.country),
    ].filter { !$0.1.isEmpty }
  }

  /// Where the report's changes come from; nil where there is none to follow.
  var eventsPath: String? {
    guard !report.partnerID.isEmpty else { return nil }
    let items = filterItems.map { "\($0.0)=\(PageQuery.encoded($0.1))" }
    return "/api/v1/partners/\(PageQuery.encoded(report.partnerID))/events"
      + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
  }

  /// "Finance and Operations, Sales, France"; nil without filters.
  var filterText: String? {
    let cell = report.cell
    var parts: [String] = []
    if !cell.product.isEmpty { parts.append(settings.names.product(cell.product)) }
    if !cell.workload.isEmpty {
      parts.append(settings.names.workload(cell.workload, ofProduct: cell.product))
    }
    if !cell.country.isEmpty { parts.append(CountryNames.name(cell.country, say)) }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
