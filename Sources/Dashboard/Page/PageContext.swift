import Contract
import Indicators
import Topology

/// All that a page is made from.
struct PageContext {
  let report: PartnerReport
  let settings: PageSettings
  let rule: RangeRule
  let localized: Language
  let isAdministrator: Bool
  /// Whether there is a page "Why this number", and one of its history.
  let isExplained: Bool
  let hasHistories: Bool
  /// To choose from; nil where there is no choice, or for an administrator where they are too many to list.
  let partners: [String]?
  /// Whether the report's partner ever had a result.
  let isKnownPartner: Bool
  let query: PageQuery
  /// How far the results have been read, while there are none; nil if nothing is being read.
  var progress: Progress?

  /// What the report's partner is called.
  var partnerName: String { settings.partners.name(of: report.partnerID) }

  /// The same in the middle of a text.
  var isolatedName: String { partnerName.isolated }

  /// The partner that was chosen for an administrator who has named none.
  var chosenPartner: String? {
    isAdministrator && query.partner == nil && !report.partnerID.isEmpty ? report.partnerID : nil
  }

  var numbers: NumberFormat { NumberFormat(localized, currency: settings.currency) }
  var dates: DateFormat { DateFormat(localized) }

  /// The value of an indicator in its own form.
  func text(_ value: Double, _ kind: IndicatorKind) -> String { ValueFormat(numbers, kind).text(value) }

  /// "Apr 2025": the month so many months before the report's.
  func month(before months: Int) -> String {
    Month(report.month).map { dates.shortMonth(max($0 - Int32(months), .first).description) } ?? report.month
  }

  /// A number of things.
  func count(_ number: Int) -> String { numbers.decimal(Double(number), digits: 0) }

  /// The page that explains an indicator, or why it differs, for all customers or one, in a language or the reader's; nil where
  /// there is none.
  func explanationPath(
    _ kind: IndicatorKind, of customer: String = "",
    against comparison: ExplanationQuery.Comparison? = nil, _ language: Language? = nil
  ) -> String? {
    guard isExplained, report.hasSnapshot || language != nil else { return nil }
    let items =
      [("partner", report.partnerID)] + filterItems + [("indicator", kind.name)]
      + (customer.isEmpty ? [] : [("customer", customer)])
    return PageQuery.path(
      "/explain",
      items + (comparison.map { [$0.item] } ?? []) + (language.map { [("lang", $0.rawValue)] } ?? []))
  }

  /// The page that tells the history of an indicator, in a language or the reader's.
  func historyPath(
    _ kind: IndicatorKind, by unit: NumberHistory.Page.Unit, before end: Timestamp? = nil,
    _ language: Language? = nil
  ) -> String {
    var items = [("partner", report.partnerID)] + filterItems + [("indicator", kind.name)]
    if unit != .day { items.append(("by", unit.rawValue)) }
    if let end = end?.rfc3339 { items.append(("before", end)) }
    return PageQuery.path("/history", items + (language.map { [("lang", $0.rawValue)] } ?? []))
  }

  /// The page of one indicator under filters, in a language or the reader's.
  func indicatorPath(_ kind: IndicatorKind, _ cell: Cell, _ language: Language? = nil) -> String {
    var view = query
    (view.partner, view.cell) = (report.partnerID, cell)
    return PageQuery.path(
      "/indicator",
      view.items + [("indicator", kind.name)] + (language.map { [("lang", $0.rawValue)] } ?? []))
  }

  /// Back from there.
  var reportPath: String { PageQuery.path("/", [("partner", report.partnerID)] + filterItems) }

  /// The month, unless it is the newest that is followed, and the filters.
  private var filterItems: [(String, String)] {
    [
      ("month", query.month ?? ""), ("product", report.cell.product), ("workload", report.cell.workload),
      ("country", report.cell.country),
    ].filter { !$0.1.isEmpty }
  }

  /// What the page is of, as a query; nil where there is none to follow. The script never puts parts of one into another.
  var identity: String? {
    report.partnerID.isEmpty ? nil : PageQuery.query([("partner", report.partnerID)] + filterItems)
  }

  /// A table of what is seen, in the reader's language.
  func exportPath(_ resource: String) -> String {
    PageQuery.path(
      "/api/v1/partners/\(PageQuery.encoded(report.partnerID))/\(resource)",
      viewItems + [("lang", localized.rawValue)])
  }

  /// The address of what is seen, whichever month and partner come first later.
  var permanentPath: String { PageQuery.path("/", [("partner", report.partnerID)] + viewItems) }

  /// The filters, and the month also where it is the newest.
  private var viewItems: [(String, String)] {
    [("month", report.month)] + filterItems.filter { $0.0 != "month" }
  }

  /// "Finance and Operations, Sales, France"; nil without filters.
  var filterText: String? {
    let cell = report.cell
    var parts: [String] = []
    if !cell.product.isEmpty { parts.append(settings.names.product(cell.product)) }
    if !cell.workload.isEmpty {
      parts.append(settings.names.workload(cell.workload, ofProduct: cell.product))
    }
    if !cell.country.isEmpty { parts.append(CountryNames.name(cell.country, localized)) }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension ExplanationQuery.Comparison {
  /// As an item of an address.
  fileprivate var item: (String, String) {
    switch self {
    case .month(let month): ("against", month.description)
    case .moment(let moment): ("since", Timestamp(milliseconds: moment).rfc3339 ?? "")
    }
  }
}
