import Contract
import HTTPServer
import SnapshotView

extension PageHandler {
  /// The page `/indicator?indicator=…`, with the other parameters of the page.
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
        breakdowns: Breakdown.all(view, report, kind))
    }
    if let partner = data.page.partnerToPin { return pinning(partner, request, data.page.say) }
    let page = IndicatorPage(page: data.page, kind: kind, history: data.history, breakdowns: data.breakdowns)
    return response(to: request, with: page.html, data.page.say)
  }
}

/// What the page of an indicator takes from the view.
package struct IndicatorData: Sendable {
  let page: PageContext
  let history: IndicatorHistory
  let breakdowns: [Breakdown]
}
