import Contract
import HTTPServer
import SnapshotView
import Topology

/// Responds with pages and their assets.
package struct PageHandler: Sendable {
  let settings: PageSettings
  private let rule: RangeRule
  /// Nil if explanations are off.
  let explanations: ExplanationService?
  /// The maximum of partners that are listed; with more, an administrator types a name or id.
  private static let listedPartners = 500
  /// The request header field in which the page's script sends the versions of the parts that it has, to get only those that
  /// changed.
  private static let knownParts = "Partner-Pulse-Parts"
  private static let languageCookie = "partner-pulse-language"

  package init(_ settings: PageSettings, _ rule: RangeRule, _ explanations: ExplanationService? = nil) {
    (self.settings, self.rule, self.explanations) = (settings, rule, explanations)
  }

  /// The asset of `/assets/NAME`, or nil.
  package func asset(_ request: Request) -> Response? {
    guard request.segments.count == 2 else { return nil }
    return PageAssets.find(request.segments[1])?.response
  }

  /// The partner's page, with what `viewer` may see. `read` calls its argument with the view.
  package func page(
    _ request: Request, _ viewer: Viewer, reading progress: Progress? = nil,
    _ read: ((SnapshotView) -> PageData) -> PageData
  ) throws(Problem) -> Response {
    var page = context(try PageQuery(request), request, viewer, read)
    if page.report.months.isEmpty { page.progress = progress }
    if let partner = page.chosenPartner { return redirect(toPartner: partner, request, page.localized) }
    let partnerPage = PartnerPage(page: page)
    let changes = request.header(Self.knownParts).flatMap {
      partnerPage.changes(since: $0.split(separator: ","))
    }
    return response(to: request, with: changes ?? partnerPage.html, page.localized)
  }

  /// Redirects to the same address with the partner that was chosen, so that the page stays with that one even if another would be
  /// chosen later.
  func redirect(toPartner partnerID: String, _ request: Request, _ language: Language) -> Response {
    let items = request.query.filter { $0.name != "partner" }.map { ($0.name, $0.value) }
    let path = PageQuery.path("/" + request.segments.joined(separator: "/"), [("partner", partnerID)] + items)
    var response = response(to: request, with: .empty, language)
    (response.status, response.body) = (302, .bytes([]))
    response.headers.removeAll { $0.name == "Content-Type" }
    response.set("Location", path)
    return response
  }

  /// What a page for `viewer` is rendered from.
  func context(
    _ asked: PageQuery, _ request: Request, _ viewer: Viewer, _ read: ((SnapshotView) -> PageData) -> PageData
  ) -> PageContext {
    let data = read { collect(asked, viewer, $0) }
    return PageContext(
      report: data.report, settings: settings, rule: rule.seen(by: viewer), localized: language(of: request),
      isAdministrator: viewer.isAdministrator, isExplained: explanations != nil,
      hasHistories: explanations?.hasHistories ?? false, partners: data.partners,
      isKnownPartner: data.isKnownPartner, query: data.query)
  }

  func response(to request: Request, with page: HTML, _ language: Language) -> Response {
    var response = Response(200, "text/html; charset=utf-8", Array(page.markup.utf8))
    response.set("Content-Language", language.rawValue)
    response.set("Cache-Control", "private, no-store")
    response.set("Vary", "Accept-Language, Cookie, Authorization")
    if let chosen = PageQuery.language(of: request) {
      response.set(
        "Set-Cookie",
        "\(Self.languageCookie)=\(chosen.rawValue); Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")
    }
    return response
  }

  /// The language of the parameter `lang`, else of the cookie, else of the browser.
  func language(of request: Request) -> Language {
    PageQuery.language(of: request) ?? request.cookie(Self.languageCookie).flatMap(Language.init)
      ?? Language(acceptLanguage: request.header("Accept-Language"))
  }

  private func collect(_ asked: PageQuery, _ viewer: Viewer, _ view: SnapshotView) -> PageData {
    var query = asked.checked(view)
    // A partner gets its own report, whichever one the request names.
    let choices = viewer.partnerIDs
    if !viewer.isAdministrator, choices.count == 1 || query.partner.map(viewer.maySee) == false {
      query.partner = nil
    }
    let months = view.months(of: Cell())
    var partners = choices.count > 1 ? choices : nil
    if viewer.isAdministrator, view.partnerCount <= Self.listedPartners {
      partners = view.partners(of: Cell(), month: query.month ?? months.last ?? "")
    }
    let partner =
      query.partner ?? viewer.partnerID ?? partners.flatMap { middle($0, view, months.last) } ?? ""
    let report = PartnerReport(
      view, ReportQuery(partnerID: partner, cell: query.cell, month: query.month),
      rule.seen(by: viewer))
    return PageData(
      report: report, partners: partners, isKnownPartner: view.hasPartner(partner), query: query)
  }

  /// The partner that an administrator sees first: the median by net new revenue.
  private func middle(_ partners: [String], _ view: SnapshotView, _ month: String?) -> String? {
    guard let month else { return nil }
    let revenues = partners.map { partner in
      let key = SnapshotKey(partnerID: partner, cell: Cell(), month: month)
      return (partner: ExactText(partner), revenue: view.snapshot(of: key)?[.netNewRevenue]?.value ?? 0)
    }
    .sorted { ($0.revenue, $0.partner) < ($1.revenue, $1.partner) }
    return revenues.isEmpty ? nil : revenues[revenues.count / 2].partner.text
  }
}

/// What the partner's page takes from the view.
package struct PageData: Sendable {
  let report: PartnerReport
  let partners: [String]?
  let isKnownPartner: Bool
  let query: PageQuery
}
