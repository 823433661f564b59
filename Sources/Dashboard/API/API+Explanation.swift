import Contract
import HTTPServer
import Indicators
import SnapshotView

extension API {
  /// The maximum of changes that are listed for each step of a history; sums cover all.
  private static let listedChanges = 100

  /// The facts behind the numbers. 202 while the events are being read.
  func explanation(_ query: ReportQuery, _ parameters: QueryParameters) throws(Problem) -> Response {
    try explain(query, parameters) { _ in .facts }
  }

  /// Why the numbers differ from those of another month, or from what was known at a moment. 202 while the events are being read.
  func difference(_ query: ReportQuery, _ parameters: QueryParameters) throws(Problem) -> Response {
    let comparison = try parameters.comparison()
    return try explain(query, parameters) { .difference(comparison ?? .month($0 - 1)) }
  }

  /// When the numbers changed, and why. 202 while the events are being read.
  func revisions(_ query: ReportQuery, _ parameters: QueryParameters) throws(Problem) -> Response {
    guard explanations?.hasHistories == true else { throw .notFound }
    let page = try parameters.historyPage()
    return try explain(query, parameters) { _ in .history(page) }
  }

  private func explain(
    _ query: ReportQuery, _ parameters: QueryParameters,
    _ question: (Month) -> ExplanationKey.Question
  ) throws(Problem) -> Response {
    guard let explanations else { throw .notFound }
    let (indicator, limit) = (try parameters.indicator(), try parameters.limit())
    let customer = try parameters.text("customer")
    let asked = board.read { ExplanationRequest(query, indicator, $0, question) }
    guard let asked else { throw Problem(status: 404, detail: "there is no result yet") }
    var json = JSONWriter()
    switch explanations.ask(asked.key, published: asked.published, for: client) {
    case .facts(let explanation):
      explanation.seen(by: viewer, of: customer).write(to: &json, of: customer, limit: limit)
      return personal(Response(200, "application/json", json.bytes))
    case .difference(let difference):
      difference.seen(by: viewer, of: customer).write(to: &json, of: customer, limit: limit)
      return personal(Response(200, "application/json", json.bytes))
    case .history(let history):
      history.seen(by: viewer).write(to: &json, limit: Self.listedChanges)
      return personal(Response(200, "application/json", json.bytes))
    case .inWork:
      json.beginObject()
      json.key("status")
      json.string("reading")
      json.endObject()
      var response = Response(202, "application/json", json.bytes)
      response.headers += [("Retry-After", "1")]
      return response
    case .busy:
      throw Problem(
        status: 503, detail: "too many explanations are in progress", headers: [("Retry-After", "5")])
    case .tooMany:
      throw .tooMany("too many explanations for you are in progress", retryAfter: 5)
    case .unknownCell:
      throw .badParameter("product", "the catalog has no such product or workload")
    case .failed(let detail):
      throw Problem(status: 503, detail: detail, headers: [("Retry-After", "30")])
    }
  }
}

/// The numbers to explain, and their published values.
struct ExplanationRequest: Sendable {
  let key: ExplanationKey
  let published: Components?

  /// Nil while there is no result at all. `question` gets the month, which may be the newest one.
  init?(
    _ query: ReportQuery, _ indicator: IndicatorKind?, _ view: SnapshotView,
    _ question: (Month) -> ExplanationKey.Question = { _ in .facts }
  ) {
    let name = query.month ?? view.newestMonth
    guard let month = Month(name) else { return nil }
    key = ExplanationKey(
      query.partnerID, ExplanationQuery(cell: query.cell, month: month, indicator: indicator),
      question(month))
    let snapshotKey = SnapshotKey(partnerID: query.partnerID, cell: query.cell, month: name)
    published = view.snapshot(of: snapshotKey)?.components
  }
}

extension Explanation {
  /// What `viewer` may see of it, for all customers or one.
  func seen(by viewer: Viewer, of customer: String = "") -> Explanation {
    let part = customer.isEmpty ? self : of(customer: customer)
    if viewer.isAdministrator { return part }
    var own = viewer.maySeeUsers ? part.limitedToOwn : part.limitedToOwn.withoutUsers
    // Taken from all customers: for a single one it would reveal whether other partners have facts there.
    if !customer.isEmpty { own.isPartial = facts.contains { !$0.isOwn } }
    return own
  }
}

extension NumberHistory {
  /// What `viewer` may see of it.
  func seen(by viewer: Viewer) -> NumberHistory {
    if viewer.isAdministrator { return self }
    return viewer.maySeeUsers ? limitedToOwn : limitedToOwn.withoutUsers
  }
}

extension ExplanationDifference {
  /// What `viewer` may see of it, for all customers or one.
  func seen(by viewer: Viewer, of customer: String = "") -> ExplanationDifference {
    let part = customer.isEmpty ? self : of(customer: customer)
    if viewer.isAdministrator { return part }
    return viewer.maySeeUsers ? part.limitedToOwn : part.limitedToOwn.withoutUsers
  }
}
