import Contract
import Dashboard
import Foundation
import HTTPServer
import Testing

@Suite struct ClientLimitTests {
  private let issuer: Issuer
  private let site: TestSite

  init() throws {
    issuer = try Issuer(.p256, id: "1")
    let keyFile = NSTemporaryDirectory() + "jwks-\(UUID().uuidString).json"
    try Issuer.keySet([issuer]).write(toFile: keyFile, atomically: true, encoding: .utf8)
    let settings = TokenSettings(keyFile: keyFile, issuer: "portal", audience: "pulse")
    var limits = ClientLimits()
    limits.streams = 2
    let service = ExplanationService(jobsPerClient: 2) { _, _, _ in nil }
    site = TestSite(
      access: .tokens(try TokenAccess(settings, report: { _ in })), explanations: service, limits: limits)
  }

  private func token(subject: String?, partner: String = "partner-2") -> String {
    let subject = subject.map { "\"sub\":\"\($0)\"," } ?? ""
    return issuer.token(
      "{\"iss\":\"portal\",\"aud\":\"pulse\",\"exp\":99999999999,\(subject)\"roles\":[\"partner-viewer\"],"
        + "\"partner_id\":\"\(partner)\"}")
  }

  private func get(_ path: String, _ token: String) -> TestSite.Answer {
    site.get(path, headers: [("Authorization", "Bearer \(token)")])
  }

  @Test func aViewerWithTooManyStreamsIsTold() {
    let path = "/api/v1/partners/partner-2/events"
    var open = (0..<2).map { _ in get(path, token(subject: "a")).response }
    #expect(open.map(\.status) == [200, 200])
    let refused = get(path, token(subject: "a"))
    #expect(refused.status == 429)
    #expect(refused.header("Retry-After") == "10")
    #expect(refused.header("Content-Type") == "application/problem+json")
    // That leaves something to a colleague, and to another partner's people.
    #expect(get(path, token(subject: "b")).status == 200)
    open.removeLast()
    #expect(get(path, token(subject: "a")).status == 200)
    withExtendedLifetime(open) {}
  }

  @Test func whoHasNoNameIsCountedByPartner() {
    let open = (2...3).map { partner in
      (0..<2).map { _ in
        get("/api/v1/partners/partner-\(partner)/events", token(subject: nil, partner: "partner-\(partner)"))
          .response
      }
    }
    #expect(open.joined().map(\.status) == [200, 200, 200, 200])
    #expect(get("/api/v1/partners/partner-2/events", token(subject: nil)).status == 429)
    #expect(get("/api/v1/partners/partner-2/events", token(subject: "partner-2")).status == 200)
    withExtendedLifetime(open) {}
  }

  @Test func withoutTokensItIsTheAddress() throws {
    var limits = ClientLimits()
    limits.streams = 1
    let open = TestSite(limits: limits)
    func status(_ client: ClientAddress) throws -> Response {
      let request = Request(
        method: "GET", target: "/api/v1/partners/partner-2/events", headers: [("Host", "localhost")],
        client: client)
      return open.site.respond(to: try #require(request))
    }
    let first = try status(.localhost)
    #expect(first.status == 200)
    #expect(try status(.localhost).status == 429)
    #expect(try status(ClientAddress(ipv4: [127, 0, 0, 2])).status == 200)
    withExtendedLifetime(first) {}
  }

  @Test func aViewerWithTooManyExplanationsIsTold() {
    func ask(_ indicator: String, _ subject: String) -> TestSite.Answer {
      get("/api/v1/partners/partner-2/explain?indicator=\(indicator)", token(subject: subject))
    }
    #expect(ask("net_new_revenue", "a").status == 202)
    #expect(ask("customers_added", "a").status == 202)
    let refused = ask("monthly_active_users", "a")
    #expect(refused.status == 429)
    #expect(refused.header("Retry-After") == "5")
    // What is in work already may be asked for again, by anybody.
    #expect(ask("net_new_revenue", "a").status == 202)
    #expect(ask("customers_added", "b").status == 202)
    #expect(ask("monthly_active_users", "b").status == 202)
  }
}
