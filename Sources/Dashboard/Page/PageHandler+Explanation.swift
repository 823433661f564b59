import Contract
import Glibc
import HTTPServer
import SnapshotView

extension PageHandler {
  /// The page `/explain?indicator=…`, which has the other parameters of the page too.
  func explanation(
    _ request: Request, _ viewer: Viewer, _ read: ((SnapshotView) -> ExplanationData) -> ExplanationData
  ) throws(Problem) -> Response {
    guard let explanations, let kind = request.query("indicator").flatMap({ IndicatorKind(name: $0) })
    else { throw .notFound }
    let query = try PageQuery(request)
    let data = read { view in
      let page = context(query, request, viewer) { $0(view) }
      let asked = ReportQuery(
        partnerID: page.report.partnerID, cell: page.report.cell, month: page.report.month)
      return ExplanationData(
        page: page, asked: ExplanationRequest(asked, kind, view, { _ in .init(query.comparison) }))
    }
    if let partner = data.page.chosenPartner {
      return redirect(toPartner: partner, request, data.page.localized)
    }
    guard let asked = data.asked, !asked.key.partnerID.isEmpty else { throw .notFound }
    var answer = explanations.ask(
      asked.key, published: asked.published, for: ClientKey(viewer, request))
    let differs = answer.differs(from: asked.published)
    switch answer {
    case .facts(let explanation): answer = .facts(explanation.seen(by: viewer, of: query.customer))
    case .difference(let difference): answer = .difference(difference.seen(by: viewer, of: query.customer))
    default: break
    }
    let page = ExplanationPage(
      page: data.page, kind: kind, answer: answer, differs: differs, customer: query.customer,
      comparison: query.comparison, now: Int64(time(nil)))
    var response = response(to: request, with: page.html, data.page.localized)
    if case .inWork = answer { response.set("Refresh", "1") }
    return response
  }
}

/// What the explanation and history pages take from the view.
struct ExplanationData {
  let page: PageContext
  let asked: ExplanationRequest?
}
