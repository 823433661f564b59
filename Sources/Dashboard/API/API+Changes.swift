import Contract
import HTTPServer

extension API {
  /// How many reports one stream may follow.
  private static let mostReports = 32

  /// A stream that says which of several reports have changed. Each parameter `of` is the query of one, with `partner` and filters.
  func changes() throws(Problem) -> Response {
    var queries: [ReportQuery] = []
    for (_, value) in request.query {
      guard let asked = Request(method: "GET", target: "/?\(value)") else {
        throw .badParameter("of", "it is not a query such as partner=acme&month=2026-11")
      }
      queries.append(try query(asked))
    }
    guard (1...Self.mostReports).contains(queries.count) else {
      throw .badParameter("of", "it must be given once to \(Self.mostReports) times")
    }
    return try eventStream { events, isRevoked, closed in
      events.watch(queries, rule, until: viewer.expiry, isRevoked: isRevoked, closed: closed)
    }
  }

  private func query(_ asked: Request) throws(Problem) -> ReportQuery {
    do throws(Problem) {
      let parameters = try QueryParameters(
        asked, allowed: ["partner", "month", "product", "workload", "country"])
      let partnerID = try parameters.text("partner")
      guard !partnerID.isEmpty else { throw .badParameter("of", "it names no partner") }
      guard viewer.maySee(partnerID) else { throw Problem.foreignPartner }
      return try query(partnerID, parameters)
    } catch {
      guard let parameter = error.parameter, parameter != "of" else { throw error }
      throw .badParameter("of", "\(parameter): \(error.detail)")
    }
  }
}
