import Contract
import Dashboard
import HTTPServer
import Metrics
import SnapshotView
import Testing

@Suite struct SiteTests {
  private let site = TestSite(partners: 12)

  @Test func answersWithTheReport() {
    let answer = site.get("/api/v1/partners/partner-2/indicators?month=2026-11")
    #expect(answer.status == 200)
    #expect(answer.header("Content-Type") == "application/json")
    #expect(answer.text.contains("\"indicator\":\"net_new_revenue\",\"value\":2.0"))
  }

  @Test(arguments: [
    ("month=2026-13", "month"), ("month=", "month"), ("month=2026-1", "month"), ("country=fr", "country"),
    ("country=FRA", "country"), ("workload=w", "workload"), ("product=a%7Cb", "product"),
    ("limit=0", "limit"),
    ("foo=1", "foo"), ("month=2026-11&month=2026-10", "month"),
  ])
  func namesTheBadParameter(_ query: String, _ parameter: String) {
    let answer = site.get("/api/v1/partners/partner-2/indicators?\(query)")
    #expect(answer.status == 400)
    #expect(answer.header("Content-Type") == "application/problem+json")
    #expect(answer.text.contains("\"parameter\":\"\(parameter)\""))
  }

  @Test(arguments: [
    "/api", "/api/v1", "/api/v1/", "/api/v2/partners", "/api/v1/partners/", "/api/v1/partners/a",
    "/api/v1/partners//indicators", "/api/v1/partners/a/indicators/", "/healthz/", "//", "/..",
  ])
  func hasNothingElsewhere(_ path: String) { #expect(site.get(path).status == 404) }

  @Test func answersWithWhatIsKnownByItsTag() throws {
    let path = "/api/v1/partners/partner-2/indicators"
    let tag = try #require(site.get(path).header("ETag"))
    for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
      let answer = site.get(path, headers: [("If-None-Match", known)])
      #expect(answer.status == 304)
      #expect(answer.text.isEmpty)
    }
    #expect(site.get(path, headers: [("If-None-Match", "\"x\"")]).status == 200)
    site.board.take([.snapshot(TestSite.snapshot(2, of: 12, value: 99))])
    #expect(site.get(path, headers: [("If-None-Match", tag)]).status == 200)
  }

  @Test func onlyAnswersReads() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "get", "TRACE"] {
      let answer = site.get("/api/v1/partners", method: method)
      #expect(answer.status == 405)
      #expect(answer.header("Allow") == "GET, HEAD")
    }
  }

  @Test(arguments: [
    "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "evil.example:8080",
  ])
  func isNotCalledByOtherNames(_ host: String) throws {
    let request = try #require(Request(method: "GET", target: "/api/v1/partners", headers: [("Host", host)]))
    #expect(site.site.respond(to: request).status == 421)
    let nameless = try #require(Request(method: "GET", target: "/api/v1/partners"))
    #expect(site.site.respond(to: nameless).status == 421)
  }

  @Test(arguments: ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]", "[::1]:8080"])
  func isCalledByItsNames(_ host: String) throws {
    let request = try #require(Request(method: "GET", target: "/api/v1/partners", headers: [("Host", host)]))
    #expect(site.site.respond(to: request).status == 200)
  }

  /// Without keys everybody on this machine sees all, and a proxy here would let everybody be on this machine.
  @Test(arguments: [
    "X-Forwarded-For", "x-forwarded-host", "X-FORWARDED-PROTO", "Forwarded", "X-Real-IP", "Via",
  ])
  func doesNotAnswerAProxyWithoutKeys(_ name: String) {
    for path in ["/", "/api/v1/partners", "/metrics", "/assets/page.css"] {
      #expect(site.get(path, headers: [(name, "")]).status == 403)
    }
    #expect(site.get("/healthz", headers: [(name, "")]).status == 200)
    #expect(site.get("/", headers: [("X-Forward", "a"), ("X-Forwardedfor", "b")]).status == 200)
  }

  @Test(arguments: ["/", "/api/v1/partners", "/api/v1/x", "/healthz", "/metrics"])
  func everyAnswerIsSecured(_ path: String) {
    let answer = site.get(path)
    #expect(answer.header("X-Content-Type-Options") == "nosniff")
    #expect(answer.header("Referrer-Policy") == "no-referrer")
    #expect(answer.header("Cache-Control") != nil)
    let policy = answer.header("Content-Security-Policy") ?? ""
    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe"))
  }

  @Test func isNotReadyBeforeTheResultIsRead() {
    let board = PublicationBoard()
    let site = Site(
      board: board, events: EventHub(board: board), access: .none,
      hosts: HostRule(for: ListenAddress(host: "0.0.0.0", port: 80)), rule: RangeRule(),
      requests: RequestMetrics(), metrics: { _ in })
    let status = { target in Request(method: "GET", target: target).map { site.respond(to: $0).status } }
    #expect(status("/healthz") == 200)
    #expect(status("/readyz") == 503)
    #expect(status("/api/v1/partners") == 503)
  }

  @Test func listsPartnersInPages() {
    #expect(
      site.get("/api/v1/partners?limit=2").text.contains("[\"partner-1\",\"partner-10\"],\"has_more\":true"))
    let last = site.get("/api/v1/partners?limit=2&after=partner-8").text
    #expect(last.contains("[\"partner-9\"],\"has_more\":false"))
  }

  @Test func tablesHaveARowForEachIndicator() {
    let lines = site.get("/api/v1/partners/partner-2/indicators.csv").text.split(separator: "\r\n")
    #expect(lines.count == 8)
    #expect(lines[1].hasPrefix("partner-2,2026-11,,,,net_new_revenue,2.0,0.0,UP,1,12,3,1.0,3.0,"))
  }

  @Test func tablesHoldNoFormulas() {
    var snapshot = TestSite.snapshot(1, of: 12)
    snapshot.partnerID = "=cmd|\"x\",1"
    site.board.take([.snapshot(snapshot)])
    let table = site.get("/api/v1/partners/%3Dcmd%7C%22x%22%2C1/indicators.csv").text
    #expect(table.contains("\r\n\"'=cmd|\"\"x\"\",1\",2026-11,"))
  }

  @Test func idsThatDifferByNormalizationAloneAreDifferent() {
    let ids = ["caf\u{e9}", "cafe\u{301}", "cafe"]
    for (number, id) in ids.enumerated() {
      var snapshot = TestSite.snapshot(number + 1, of: 12)
      snapshot.partnerID = id
      site.board.take([.snapshot(snapshot)])
    }
    let paths = ["caf%C3%A9", "cafe%CC%81", "cafe"]
    for (number, path) in paths.enumerated() {
      let report = site.get("/api/v1/partners/\(path)/indicators").text
      #expect(report.contains("\"value\":\(number + 1).0,"))
      #expect(report.utf8.starts(with: "{\"partner\":\"\(ids[number])\"".utf8))
      let table = site.get("/api/v1/partners/\(path)/indicators.csv").text
      #expect(table.contains(",net_new_revenue,\(number + 1).0,"))
    }
    let listed = site.get("/api/v1/partners?limit=2&after=cafd").text
    #expect(Array(listed.utf8).contains(Array("[\"cafe\",\"cafe\u{301}\"],\"has_more\":true".utf8)))
    let rest = site.get("/api/v1/partners?limit=2&after=cafe%CC%81").text
    #expect(Array(rest.utf8).contains(Array("[\"caf\u{e9}\",\"partner-1\"]".utf8)))
  }
}

extension [UInt8] {
  /// Whether it holds these bytes in a row.
  fileprivate func contains(_ others: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: others) }
  }
}
