import Dashboard
import Foundation
import HTTPServer
import Testing

@Suite struct OriginTests {
  private static let portal = "https://portal.example"

  private func site(
    ancestors: [String] = [], readers: [String] = [OriginTests.portal], access: AccessControl = .none
  ) -> TestSite {
    var origins = OriginSettings()
    origins.ancestors = ancestors.compactMap { FrameAncestor($0) }
    origins.readers = readers.compactMap { WebOrigin($0) }
    return TestSite(access: access, origins: origins)
  }

  @Test(arguments: [
    ("https://portal.example", "https://portal.example"),
    ("https://Portal.Example:443", "https://portal.example"),
    ("https://portal.example:8443", "https://portal.example:8443"),
    ("http://localhost:3000", "http://localhost:3000"),
    ("http://127.0.0.1:80", "http://127.0.0.1"), ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ("http://[::1]:3000", "http://[::1]:3000"),
  ])
  func takesOrigins(_ text: String, _ origin: String) { #expect(WebOrigin(text)?.text == origin) }

  @Test(arguments: [
    "", "*", "null", "portal.example", "http://portal.example", "https://", "https://*.portal.example",
    "https://portal.example/", "https://portal.example/a", "https://portal.example?a", "https://a b",
    "https://portal.example; script-src *", "https://portal.example,https://b.example", "https://a@b.example",
    "https://portal.example:0", "https://portal.example:65536", "https://portal.example:", "https://:443",
    "ftp://portal.example", "https://[x]", "https://p\u{f6}rtal.example", "http://127.evil.example",
    "http://localhost.evil.example", "javascript://portal.example", "https://.example", "'self'",
  ])
  func refusesWhatIsNoOrigin(_ text: String) { #expect(WebOrigin(text) == nil) }

  @Test func scriptsOfAnOriginMayReadTheAPI() {
    let site = site()
    let answer = site.get("/api/v1/partners", headers: [("Origin", Self.portal)])
    #expect(answer.status == 200)
    #expect(answer.header("Access-Control-Allow-Origin") == Self.portal)
    #expect(answer.header("Access-Control-Allow-Credentials") == "true")
    #expect(answer.header("Access-Control-Expose-Headers")?.contains("ETag") == true)
    #expect(answer.header("Vary") == "Authorization, Cookie, Origin")
    // Refusals too, so that scripts know why; and what is the same for all must not be kept for one.
    let refused = site.get("/api/v1/partners?limit=0", headers: [("Origin", Self.portal)])
    #expect(refused.status == 400)
    #expect(refused.header("Access-Control-Allow-Origin") == Self.portal)
    #expect(site.get("/api/v1/partners").header("Vary") == "Authorization, Cookie, Origin")
    let stream = site.get("/api/v1/partners/partner-1/events", headers: [("Origin", Self.portal)])
    #expect(stream.header("Access-Control-Allow-Origin") == Self.portal)
    // Nothing but the API.
    for path in ["/", "/metrics", "/healthz", "/assets/page.css", "/api/v1/x"] {
      #expect(site.get(path, headers: [("Origin", Self.portal)]).header("Access-Control-Allow-Origin") == nil)
    }
  }

  @Test(arguments: [
    "https://evil.example", "https://portal.example.evil.example", "https://portal.example:8443",
    "http://portal.example", "HTTPS://PORTAL.EXAMPLE", "https://portal.example/", "null", "",
    "https://portal.example https://evil.example",
  ])
  func scriptsOfOthersMayNot(_ origin: String) {
    let site = site()
    let answer = site.get("/api/v1/partners", headers: [("Origin", origin)])
    #expect(answer.header("Access-Control-Allow-Origin") == nil)
    #expect(answer.header("Vary")?.contains("Origin") == true)
    let both = site.get("/api/v1/partners", headers: [("Origin", Self.portal), ("origin", origin)])
    #expect(both.header("Access-Control-Allow-Origin") == nil)
    let preflight = [("Origin", origin), ("Access-Control-Request-Method", "GET")]
    #expect(site.get("/api/v1/partners", method: "OPTIONS", headers: preflight).status == 405)
  }

  @Test func browsersMayAskBefore() {
    let headers = [
      ("Origin", Self.portal), ("Access-Control-Request-Method", "GET"),
      ("Access-Control-Request-Headers", "authorization"),
    ]
    for path in ["/api/v1/partners", "/api/v1/partners/partner-1/events"] {
      let answer = site().get(path, method: "OPTIONS", headers: headers)
      #expect(answer.status == 204)
      #expect(answer.header("Access-Control-Allow-Origin") == Self.portal)
      #expect(answer.header("Access-Control-Allow-Methods") == "GET, HEAD")
      #expect(answer.header("Access-Control-Allow-Headers")?.contains("Authorization") == true)
    }
    #expect(site().get("/", method: "OPTIONS", headers: headers).status == 405)
    #expect(site().get("/api/v1/partners", method: "OPTIONS", headers: [headers[0]]).status == 405)
    #expect(site(readers: []).get("/api/v1/partners", method: "OPTIONS", headers: headers).status == 405)
  }

  @Test func withoutOriginsNothingIsSaidOfThem() {
    let answer = site(readers: []).get("/api/v1/partners", headers: [("Origin", Self.portal)])
    #expect(!answer.response.headers.contains { $0.name.hasPrefix("Access-Control") })
    #expect(answer.header("Vary") == "Authorization, Cookie")
  }

  @Test func theFramesOfAPageAreListed() {
    let framed = site(ancestors: ["self", Self.portal]).get("/?partner=partner-2")
    #expect(
      framed.header("Content-Security-Policy")?.contains("frame-ancestors 'self' https://portal.example")
        == true)
    #expect(framed.header("X-Frame-Options") == nil)
    for answer in [site().get("/"), site(ancestors: [Self.portal]).get("/api/v1/partners")] {
      #expect(answer.header("Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
      #expect(answer.header("X-Frame-Options") == "DENY")
    }
    #expect(FrameAncestor("'self'") == nil && FrameAncestor("*") == nil && FrameAncestor("none") == nil)
  }
}
