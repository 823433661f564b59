import Contract
import HTTPServer
import SnapshotView

/// One call of the API, by somebody who is known.
struct API {
  let request: Request
  let viewer: Viewer
  let board: PublicationBoard
  let events: EventHub
  let rule: RangeRule
  let streams: StreamQuota
  /// Nil where nothing is explained.
  let explanations: ExplanationDesk?

  /// Whom limits count this for.
  var client: ClientKey { ClientKey(viewer, request) }

  func answer(_ resource: APIResource) throws(Problem) -> Response {
    // Whether there is such a partner is not for others to know either.
    if let partnerID = resource.partnerID, !viewer.maySee(partnerID) {
      throw Problem(status: 403, detail: "you are not allowed to see this partner")
    }
    let parameters = try QueryParameters(request, allowed: resource.parameters)
    switch resource {
    case .partners: return try partners(parameters)
    case .indicators(let id):
      let query = try query(id, parameters)
      let report = board.read { PartnerReport($0, query, rule) }
      return personal(Response(200, "application/json", report.json))
    case .table(let id): return table(try query(id, parameters))
    case .events(let id): return try eventStream(try query(id, parameters))
    case .months: return json { $1.months($0.months(of: Cell())) }
    case .cells(let id):
      let month = try parameters.month()
      return json { view, json in
        let month = month ?? view.newestMonth
        json.cells(view.cells(ofPartner: id, month: month), month: month)
      }
    case .explanation(let id): return try explanation(try query(id, parameters), parameters)
    case .changes(let id): return try changes(try query(id, parameters), parameters)
    case .scales:
      let query = try query("", parameters)
      return json { ScaleReport($0, query.seen(by: viewer, in: $0), rule).write(to: &$1) }
    }
  }

  private func query(_ partnerID: String, _ parameters: QueryParameters) throws(Problem) -> ReportQuery {
    ReportQuery(partnerID: partnerID, cell: try parameters.cell(), month: try parameters.month())
  }

  private func partners(_ parameters: QueryParameters) throws(Problem) -> Response {
    let (cell, month) = (try parameters.cell(), try parameters.month())
    let (limit, after) = (try parameters.limit(), try parameters.after())
    return json { view, json in
      let month = month ?? view.newestMonth
      let all = view.partners(of: cell, month: month).filter(viewer.maySee)
      let rest = all.drop { ExactText($0) <= ExactText(after) }
      json.partners(rest.prefix(limit), hasMore: rest.count > limit, cell: cell, month: month)
    }
  }

  private func eventStream(_ query: ReportQuery) throws(Problem) -> Response {
    let client = client
    guard streams.take(client) else {
      throw .tooMany(
        "you have as many streams open as one client may have (\(streams.limit))", retryAfter: 10)
    }
    let stream = events.subscribe(
      query, rule, after: request.header("Last-Event-ID"), until: viewer.expiry,
      isRevoked: { [viewer] in viewer.isRevoked }, closed: { [streams] in streams.giveBack(client) })
    return Response(
      200, [("Content-Type", "text/event-stream"), ("X-Accel-Buffering", "no")], body: .stream(stream))
  }

  private func table(_ query: ReportQuery) -> Response {
    let report = board.read { PartnerReport($0, query, rule) }
    var response = Response(200, "text/csv; charset=utf-8", Array(report.csv.utf8))
    response.set("Content-Disposition", "attachment; filename=\"partner-pulse-\(report.month).csv\"")
    return personal(response)
  }

  private func json(_ write: (SnapshotView, inout JSONWriter) -> Void) -> Response {
    var json = JSONWriter()
    board.read { write($0, &json) }
    return personal(Response(200, "application/json", json.bytes))
  }

  /// To be kept by nobody but who asked, and asked for again each time.
  func personal(_ response: Response) -> Response {
    var response = response
    response.set("Cache-Control", "private, no-cache")
    response.set("Vary", "Authorization, Cookie")
    return response.tagged(for: request)
  }
}

extension ReportQuery {
  /// As the first of the viewer's partners that has anything there.
  fileprivate func seen(by viewer: Viewer, in view: SnapshotView) -> ReportQuery {
    var query = self
    let month = month ?? view.newestMonth
    query.partnerID =
      viewer.partnerIDs.first {
        view.snapshot(of: SnapshotKey(partnerID: $0, cell: cell, month: month)) != nil
      } ?? viewer.partnerID ?? ""
    return query
  }
}

extension SnapshotView {
  /// Empty as long as there is none.
  var newestMonth: String { months(of: Cell()).last ?? "" }
}
