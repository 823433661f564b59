import Contract
import Indicators
import Topology

/// Everything that a page of a partner is rendered from.
struct PageContext {
  let report: PartnerReport
  let settings: PageSettings
  let rule: RangeRule
  let localized: Language
  let isAdministrator: Bool
  /// Whether there are explanations ("Why this number"); `hasHistories`, whether there are histories.
  let isExplained: Bool
  let hasHistories: Bool
  /// The partners to choose from; nil if there is no choice, or if they are too many to list.
  let partners: [String]?
  /// Whether the report's partner has ever had a snapshot.
  let isKnownPartner: Bool
  let query: PageQuery
  /// How far the results have been read, while there are none; nil if nothing is being read.
  var progress: Progress?

  /// The name of the report's partner.
  var partnerName: String { settings.partners.name(of: report.partnerID) }

  /// The name for use within a text.
  var isolatedName: String { partnerName.isolated }

  /// The partner that was chosen because an administrator's request names none; nil otherwise.
  var chosenPartner: String? {
    isAdministrator && query.partner == nil && !report.partnerID.isEmpty ? report.partnerID : nil
  }

  var numbers: NumberFormat { NumberFormat(localized, currency: settings.currency) }
  var dates: DateFormat { DateFormat(localized) }

  /// The value of an indicator as text.
  func text(_ value: Double, _ kind: IndicatorKind) -> String { ValueFormat(numbers, kind).text(value) }

  /// "Apr 2025": the month so many months before the report's.
  func month(before months: Int) -> String {
    Month(report.month).map { dates.shortMonth(max($0 - Int32(months), .first).description) } ?? report.month
  }

  /// A whole number as text.
  func count(_ number: Int) -> String { numbers.decimal(Double(number), digits: 0) }

  /// The address of the page that explains an indicator, or its difference, for all customers or one, in a language or the reader's
  /// (nil); nil if there is none.
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

  /// The address of the page with an indicator's history.
  func historyPath(
    _ kind: IndicatorKind, by unit: NumberHistory.Page.Unit, before end: Timestamp? = nil,
    _ language: Language? = nil
  ) -> String {
    var items = [("partner", report.partnerID)] + filterItems + [("indicator", kind.name)]
    if unit != .day { items.append(("by", unit.rawValue)) }
    if let end = end?.rfc3339 { items.append(("before", end)) }
    return PageQuery.path("/history", items + (language.map { [("lang", $0.rawValue)] } ?? []))
  }

  /// The address of the page of one indicator in a cell.
  func indicatorPath(_ kind: IndicatorKind, _ cell: Cell, _ language: Language? = nil) -> String {
    var view = query
    (view.partner, view.cell) = (report.partnerID, cell)
    return PageQuery.path(
      "/indicator",
      view.items + [("indicator", kind.name)] + (language.map { [("lang", $0.rawValue)] } ?? []))
  }

  /// The address of the partner's page with the same filters.
  var reportPath: String { PageQuery.path("/", [("partner", report.partnerID)] + filterItems) }

  /// The filters, and the month unless the page follows the newest one.
  private var filterItems: [(String, String)] {
    [
      ("month", query.month ?? ""), ("product", report.cell.product), ("workload", report.cell.workload),
      ("country", report.cell.country),
    ].filter { !$0.1.isEmpty }
  }

  /// Identifies the page's report for the script, as a query; nil if there is no report. The script only inserts parts of the same
  /// one.
  var identity: String? {
    report.partnerID.isEmpty ? nil : PageQuery.query([("partner", report.partnerID)] + filterItems)
  }

  /// The address of a CSV file with what is shown, in the reader's language.
  func exportPath(_ resource: String) -> String {
    PageQuery.path(
      "/api/v1/partners/\(PageQuery.encoded(report.partnerID))/\(resource)",
      viewItems + [("lang", localized.rawValue)])
  }

  /// The address of what is shown, with partner and month, so that it does not change later.
  var permanentPath: String { PageQuery.path("/", [("partner", report.partnerID)] + viewItems) }

  /// The filters and the month, even if that is the newest one.
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
  /// As a query parameter.
  fileprivate var item: (String, String) {
    switch self {
    case .month(let month): ("against", month.description)
    case .moment(let moment): ("since", Timestamp(milliseconds: moment).rfc3339 ?? "")
    }
  }
}
