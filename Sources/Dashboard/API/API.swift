import Contract
import HTTPServer
import SnapshotView

/// One request to the API, by an authenticated viewer.
struct API {
  let request: Request
  let viewer: Viewer
  let board: PublicationBoard
  let events: EventHub
  let rule: RangeRule
  let streams: StreamQuota
  /// Nil if explanations are off.
  let explanations: ExplanationService?
  let names: PageSettings

  /// The client that limits count this request for.
  var client: ClientKey { ClientKey(viewer, request) }

  func answer(_ resource: APIResource) throws(Problem) -> Response {
    if let partnerID = resource.partnerID, !viewer.maySee(partnerID) { throw .foreignPartner }
    let parameters = try QueryParameters(request, allowed: resource.parameters)
    switch resource {
    case .partners: return try partners(parameters)
    case .indicators(let id):
      let query = try query(id, parameters)
      let report = board.read { PartnerReport($0, query, rule) }
      return personal(Response(200, "application/json", report.json(names)))
    case .table(let id):
      let file = ReportFile(query: try query(id, parameters), try parameters.language(), self)
      return csv(file.table, file.name(of: file.language("indicators", "indicateurs")))
    case .history(let id):
      let file = ReportFile(query: try query(id, parameters), try parameters.language(), self)
      return csv(file.history, file.name(of: file.language("twelve months", "douze mois")))
    case .events(let id): return try eventStream(try query(id, parameters))
    case .months: return json { $1.months($0.months(of: Cell())) }
    case .cells(let id):
      let month = try parameters.month()
      return json { view, json in
        let month = month ?? view.newestMonth
        json.cells(view.cells(ofPartner: id, month: month), month: month, names)
      }
    case .explanation(let id): return try explanation(try query(id, parameters), parameters)
    case .difference(let id): return try difference(try query(id, parameters), parameters)
    case .revisions(let id): return try revisions(try query(id, parameters), parameters)
    case .changes: return try changes()
    case .scales:
      let query = try query("", parameters)
      return json { ScaleReport($0, query.seen(by: viewer, in: $0), rule).write(to: &$1, names) }
    }
  }

  func query(_ partnerID: String, _ parameters: QueryParameters) throws(Problem) -> ReportQuery {
    ReportQuery(partnerID: partnerID, cell: try parameters.cell(), month: try parameters.month())
  }

  private func partners(_ parameters: QueryParameters) throws(Problem) -> Response {
    let (cell, month) = (try parameters.cell(), try parameters.month())
    let (limit, after) = (try parameters.limit(), try parameters.after())
    let part = Folding.bytes(try parameters.text("q"))
    return json { view, json in
      let month = month ?? view.newestMonth
      let all = names.partners.withFoldedNames { folded in
        view.partners(of: cell, month: month) {
          viewer.maySee($0) && (part.isEmpty || Folding.contains(folded($0), part))
        }
      }
      let rest = all.drop { ExactText($0) <= ExactText(after) }
      json.partners(rest.prefix(limit), hasMore: rest.count > limit, cell: cell, month: month, names)
    }
  }

  private func eventStream(_ query: ReportQuery) throws(Problem) -> Response {
    try eventStream { events, isRevoked, closed in
      events.subscribe(
        query, rule, after: request.header("Last-Event-ID"), until: viewer.expiry, isRevoked: isRevoked,
        closed: closed)
    }
  }

  /// A stream that counts against the client's limit.
  func eventStream(
    _ follow: (EventHub, @escaping @Sendable () -> Bool, @escaping @Sendable () -> Void) -> ResponseStream
  ) throws(Problem) -> Response {
    let client = client
    guard streams.take(client) else {
      throw .tooMany(
        "you have as many streams open as one client may have (\(streams.limit))", retryAfter: 10)
    }
    let stream = follow(
      events, { [viewer] in viewer.isRevoked }, { [streams] in streams.giveBack(client) })
    return Response(
      200, [("Content-Type", "text/event-stream"), ("X-Accel-Buffering", "no")], body: .stream(stream))
  }

  private func csv(_ text: String, _ name: String) -> Response {
    var response = Response(200, "text/csv; charset=utf-8", Array(text.utf8))
    response.set("Content-Disposition", ReportFile.disposition(name))
    return personal(response)
  }

  private func json(_ write: (SnapshotView, inout JSONWriter) -> Void) -> Response {
    var json = JSONWriter()
    board.read { write($0, &json) }
    return personal(Response(200, "application/json", json.bytes))
  }

  /// The response with headers that let only the requester's own cache keep it, and revalidate it each time.
  func personal(_ response: Response) -> Response {
    var response = response
    response.set("Cache-Control", "private, no-cache")
    response.set("Vary", "Authorization, Cookie")
    return response.tagged(for: request)
  }
}

extension ReportQuery {
  /// The query for the first of the viewer's partners that has a snapshot there.
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

extension ReportFile {
  fileprivate init(query: ReportQuery, _ language: Language, _ api: API) {
    self.init(
      report: api.board.read { PartnerReport($0, query, api.rule) }, names: api.names, language: language)
  }
}

extension SnapshotView {
  /// Empty while there is no result.
  var newestMonth: String { months(of: Cell()).last ?? "" }
}
