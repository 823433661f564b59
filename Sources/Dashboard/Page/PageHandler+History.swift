import Contract
import HTTPServer
import Indicators
import SnapshotView

extension PageHandler {
  /// The maximum of steps on one page.
  private static let listedSteps = 30

  /// The page `/history?indicator=…`, which has the other parameters of the page too.
  func history(
    _ request: Request, _ viewer: Viewer, _ read: ((SnapshotView) -> ExplanationData) -> ExplanationData
  ) throws(Problem) -> Response {
    guard let explanations, explanations.hasHistories,
      let kind = request.query("indicator").flatMap({ IndicatorKind(name: $0) })
    else { throw .notFound }
    let query = try PageQuery(request)
    var part = query.historyPage
    part.limit = Self.listedSteps
    let data = read { view in
      let page = context(query, request, viewer) { $0(view) }
      let asked = ReportQuery(
        partnerID: page.report.partnerID, cell: page.report.cell, month: page.report.month)
      return ExplanationData(page: page, asked: ExplanationRequest(asked, kind, view) { _ in .history(part) })
    }
    if let partner = data.page.chosenPartner {
      return redirect(toPartner: partner, request, data.page.localized)
    }
    guard let asked = data.asked, !asked.key.partnerID.isEmpty else { throw .notFound }
    let answer = explanations.ask(
      asked.key, published: asked.published, for: ClientKey(viewer, request))
    var seen = answer
    if case .history(let history) = answer { seen = .history(history.seen(by: viewer)) }
    let page = HistoryPage(
      page: data.page, kind: kind, part: part, answer: seen, differs: answer.differs(from: asked.published))
    var response = response(to: request, with: page.html, data.page.localized)
    if case .inWork = answer { response.set("Refresh", "1") }
    return response
  }
}
