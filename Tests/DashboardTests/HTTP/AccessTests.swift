import Dashboard
import Foundation
import Testing

@Suite struct AccessTests {
  private let issuer: Issuer
  private let site: TestSite

  init() throws {
    issuer = try Issuer(.p256, id: "1")
    let keyFile = NSTemporaryDirectory() + "jwks-\(UUID().uuidString).json"
    try Issuer.keySet([issuer]).write(toFile: keyFile, atomically: true, encoding: .utf8)
    let settings = TokenSettings(keyFile: keyFile, issuer: "portal", audience: "pulse")
    site = TestSite(access: .tokens(try TokenAccess(settings, report: { _ in })))
  }

  private func token(_ role: String, partner: String = "partner-2") -> String {
    issuer.token(
      "{\"iss\":\"portal\",\"aud\":\"pulse\",\"exp\":99999999999,\"roles\":[\"\(role)\"],\"partner_id\":\"\(partner)\"}"
    )
  }

  private func get(_ path: String, bearer token: String) -> TestSite.Answer {
    site.get(path, headers: [("Authorization", "Bearer \(token)")])
  }

  @Test func aTokenIsNeeded() {
    for path in ["/", "/api/v1/partners", "/api/v1/scales", "/metrics"] {
      let answer = site.get(path)
      #expect(answer.status == 401)
      #expect(answer.header("WWW-Authenticate") == "Bearer realm=\"partner-pulse\"")
    }
    #expect(site.get("/healthz").status == 200)
    let refused = get("/api/v1/scales", bearer: "x.y.z")
    #expect(refused.status == 401)
    #expect(refused.header("WWW-Authenticate")?.contains("error=\"invalid_token\"") == true)
  }

  @Test func theIndicatorsPageIsOfOnesOwn() {
    let page = get("/indicator?indicator=customers_added&partner=partner-3", bearer: token("partner-viewer"))
    #expect(page.status == 200)
    #expect(page.text.contains("partner-2") && !page.text.contains("partner-3"))
  }

  @Test func changesAreOfWhatMayBeSeen() {
    let viewer = token("partner-viewer")
    #expect(get("/api/v1/changes?of=partner=partner-2", bearer: viewer).status == 200)
    let refused = get("/api/v1/changes?of=partner=partner-2&of=partner=partner-3", bearer: viewer)
    #expect(refused.status == 403)
    #expect(!refused.text.contains("partner-3"))
  }

  @Test func theOverviewIsForAdministrators() {
    #expect(get("/partners", bearer: token("partner-viewer")).status == 403)
    #expect(get("/partners", bearer: token("partner-administrator")).status == 200)
    #expect(get("/api/v1/partners?q=3", bearer: token("partner-viewer")).text.contains("\"partners\":[]"))
  }

  @Test(arguments: ["indicators", "indicators.csv", "history.csv", "events", "months", "cells"])
  func aPartnerSeesItselfAlone(_ resource: String) {
    let token = token("partner-viewer")
    #expect(get("/api/v1/partners/partner-2/\(resource)", bearer: token).status == 200)
    let other = get("/api/v1/partners/partner-3/\(resource)", bearer: token)
    #expect(other.status == 403)
    // Whether there is such a partner does not show.
    #expect(get("/api/v1/partners/nobody/\(resource)", bearer: token).text == other.text)
    #expect(
      get("/api/v1/partners/partner-3/\(resource)", bearer: self.token("partner-administrator")).status == 200
    )
  }

  @Test func aPartnerFindsNoOthers() {
    #expect(
      get("/api/v1/partners", bearer: token("partner-viewer")).text.contains("\"partners\":[\"partner-2\"]"))
    #expect(get("/metrics", bearer: token("partner-viewer")).status == 403)
    #expect(get("/metrics", bearer: token("partner-administrator")).status == 200)
    #expect(get("/api/v1/partners", bearer: token("somebody")).status == 403)
  }

  @Test func theTokenMayComeInACookie() {
    let cookie = "a=b; partner-pulse-token=\(token("partner-viewer"))"
    #expect(site.get("/api/v1/partners/partner-2/months", headers: [("Cookie", cookie)]).status == 200)
    // A header that is no good is not made up for by a cookie.
    let both = [("Cookie", cookie), ("Authorization", "Basic eA==")]
    #expect(site.get("/api/v1/partners/partner-2/months", headers: both).status == 401)
  }

  @Test(arguments: ["/api/v1/scales", "/api/v1/partners/partner-2/indicators"])
  func rangesOverFewPartnersAreWithheldFromPartners(path: String) {
    // Of eight partners, two are in each segment.
    let text = get(path, bearer: token("partner-viewer")).text
    #expect(text.contains("\"withheld\",\"min\":null,\"max\":null"))
    #expect(!text.contains("\"shown\""))
    let all = get(path, bearer: token("partner-administrator")).text
    #expect(all.contains("\"shown\",\"min\":1.0,\"max\":2.0"))
    #expect(!all.contains("\"withheld\""))
  }
}
