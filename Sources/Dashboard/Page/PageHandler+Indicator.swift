import Contract
import HTTPServer
import Indicators
import SnapshotView

extension PageHandler {
  /// The page `/indicator?indicator=…`, which has the other parameters of the page too.
  package func indicator(
    _ request: Request, _ viewer: Viewer, _ read: ((SnapshotView) -> IndicatorData) -> IndicatorData
  ) throws(Problem) -> Response {
    guard let kind = request.query("indicator").flatMap({ IndicatorKind(name: $0) }) else { throw .notFound }
    let query = try PageQuery(request)
    let data = read { view in
      let page = context(query, request, viewer) { $0(view) }
      let report = page.report
      let query = ReportQuery(partnerID: report.partnerID, cell: report.cell, month: report.month)
      return IndicatorData(
        page: page, history: IndicatorHistory(view, query, kind, page.rule),
        breakdowns: Breakdown.all(view, report, kind),
        asked: report.hasSnapshot && kind.isOfCustomers ? ExplanationRequest(query, kind, view) : nil)
    }
    if let partner = data.page.chosenPartner {
      return redirect(toPartner: partner, request, data.page.localized)
    }
    let customers =
      data.asked.map { self.customers($0, viewer, request, data.page, kind) } ?? .nothing
    let page = IndicatorPage(
      page: data.page, kind: kind, history: data.history, breakdowns: data.breakdowns, customers: customers)
    var response = response(to: request, with: page.html, data.page.localized)
    if case .inWork = customers { response.set("Refresh", "1") }
    return response
  }

  /// The breakdown by customer. It needs an explanation, which only a fact store makes fast enough.
  private func customers(
    _ asked: ExplanationRequest, _ viewer: Viewer, _ request: Request, _ page: PageContext,
    _ kind: IndicatorKind
  ) -> CustomerBreakdown {
    guard let explanations else { return .nothing }
    guard explanations.isQuick else { return .elsewhere }
    switch explanations.ask(asked.key, published: asked.published, for: ClientKey(viewer, request)) {
    case .facts(let explanation):
      let table = CustomerTable(page: page, kind: kind, explanation: explanation.seen(by: viewer))
      return table.map { .table($0) } ?? .nothing
    case .inWork: return .inWork
    case .difference, .history, .busy, .tooMany, .unknownCell, .failed: return .elsewhere
    }
  }
}

/// What the page of an indicator takes from the view.
package struct IndicatorData: Sendable {
  let page: PageContext
  let history: IndicatorHistory
  let breakdowns: [Breakdown]
  /// The explanation for the breakdown by customer; nil if there is no such breakdown.
  let asked: ExplanationRequest?
}

/// What an indicator's page shows as its breakdown by customer.
enum CustomerBreakdown {
  case nothing
  case table(CustomerTable)
  /// It is being made; the page reloads itself.
  case inWork
  /// A link to the explanation, which has it.
  case elsewhere
}
