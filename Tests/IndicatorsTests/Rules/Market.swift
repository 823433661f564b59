import Contract
import Foundation
import Indicators
import ReferenceModel
import Testing

/// What is published of a rule's scenario, by the incremental pipeline.
struct Market {
  private let publication: Publication
  /// Of each event, in the order of the scenario.
  let refusals: [Refusal?]

  /// "crm" has workloads "sales" (exams S-1 and S-2) and "service" (S-2 and V-1), "erp" has "finance" (F-1).
  static let catalog = Data(
    """
    {
      "reportingCurrency": "USD",
      "excludedPartnerCountries": ["CN", "DE"],
      "products": [
        {"id": "crm", "name": "CRM", "workloads": [
          {"id": "sales", "name": "Sales", "exams": ["S-1", "S-2"]},
          {"id": "service", "name": "Service", "exams": ["S-2", "V-1"]}]},
        {"id": "erp", "name": "ERP", "workloads": [
          {"id": "finance", "name": "Finance", "exams": ["F-1"]}]}
      ]
    }
    """.utf8)

  /// Runs the events that `build` makes, after an enrolment of `partners`; then once more backwards and twice each,
  /// which must give the same unless the order matters.
  init(
    partners: [String] = ["contoso"], orderMatters: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation, _ build: (inout MarketEvents) -> Void
  ) throws {
    var events = MarketEvents()
    for partner in partners { events.partner(partner) }
    build(&events)
    let log = events.log

    let forwards = try Pipeline(catalog: Catalog(json: Market.catalog), sources: 2, rankings: 2)
    let refusals = log.map { logged in
      defer { forwards.drain() }
      return forwards.take([logged])[0]
    }
    self.refusals = Array(refusals.dropFirst(partners.count))
    publication = forwards.published
    #expect(forwards.complaints == [], sourceLocation: sourceLocation)

    if orderMatters { return }
    let backwards = try Pipeline(catalog: Catalog(json: Market.catalog))
    backwards.take((log + log).reversed())
    backwards.drain()
    #expect(backwards.published.differences(from: publication) == [], sourceLocation: sourceLocation)
  }

  func snapshot(
    of partner: String = "contoso", product: String = "", workload: String = "", country: String = "",
    in month: String
  ) -> IndicatorSnapshot? {
    publication.snapshots[ModelText("\(partner)|\(product)|\(workload)|\(country)|\(month)")]
  }

  /// A component; zero if there is no snapshot.
  func component(
    _ component: Component, of partner: String = "contoso", product: String = "", workload: String = "",
    country: String = "", in month: String
  ) -> Int64 {
    snapshot(of: partner, product: product, workload: workload, country: country, in: month)?
      .components?[component] ?? 0
  }

  /// An indicator; nil if there is no snapshot.
  func indicator(
    _ kind: IndicatorKind, of partner: String = "contoso", product: String = "", workload: String = "",
    country: String = "", in month: String
  ) -> Indicator? {
    snapshot(of: partner, product: product, workload: workload, country: country, in: month)?[kind]
  }

  /// The value of an indicator; nil if it is undefined or there is no snapshot.
  func value(
    _ kind: IndicatorKind, of partner: String = "contoso", product: String = "", workload: String = "",
    country: String = "", in month: String
  ) -> Double? {
    indicator(kind, of: partner, product: product, workload: workload, country: country, in: month)?.value
  }

  /// The months with a snapshot of the partner in the cell "all".
  func months(of partner: String = "contoso") -> [String] {
    publication.snapshots.values.filter { $0.partnerID == partner && $0.cell == Cell() }.map(\.month).sorted()
  }

  /// The cells "product|workload|country" in which the partner has a snapshot.
  func cells(of partner: String = "contoso", in month: String) -> Set<String> {
    Set(
      publication.snapshots.values.filter { $0.partnerID == partner && $0.month == month }
        .compactMap(\.cell?.key))
  }

  /// The scale of an indicator in the cell "all".
  func scale(_ kind: IndicatorKind, in month: String) -> IndicatorScale.Scale? {
    publication.scales[ModelText("|||\(month)")]?.scales.first { $0.indicator == kind.name }
  }

  /// The cells "product|workload|country" that have a scale.
  func scales(in month: String) -> Set<String> {
    Set(publication.scales.values.filter { $0.month == month }.compactMap(\.cell?.key))
  }
}
