import Contract
import HTTPServer
import SnapshotView

extension PageHandler {
  /// The page `/partners`. Throws unless the viewer may see all of them.
  package func overview(
    _ request: Request, _ viewer: Viewer, _ read: ((SnapshotView) -> PartnerOverview) -> PartnerOverview
  ) throws(Problem) -> Response {
    guard viewer.isAdministrator else {
      throw Problem(status: 403, detail: "the overview is for administrators")
    }
    let query = try OverviewQuery(request)
    let overview = read { view in
      PartnerOverview(
        view, settings.partners, cell: query.base.checked(view).cell, month: query.base.month,
        text: query.text, order: query.order, isDescending: query.isDescending, page: query.page)
    }
    let localized = language(of: request)
    let page = OverviewPage(overview: overview, query: query, settings: settings, localized: localized)
    return response(to: request, with: page.html, localized)
  }
}
