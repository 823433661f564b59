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

  private static let html = [(name: "Accept", value: "text/html,*/*;q=0.8")]

  @Test(arguments: ["/?month=%zz", "/explain?a=%4", "/?%ff=1", "/%zz", "/a%00b", "/history?month=2026-11%"])
  func aBrowserGetsAPageForAMalformedAddress(_ target: String) {
    let answer = site.get(target, headers: Self.html)
    #expect(answer.status == 400)
    #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
    #expect(answer.text.contains("This address cannot be understood"))
    #expect(answer.text.contains("a percent sign that begins no character"))
    let french = site.get(target, headers: Self.html + [("Accept-Language", "fr")])
    #expect(french.text.contains("un signe pour cent"))
    #expect(site.get(target).header("Content-Type") == "application/problem+json")
  }

  @Test(arguments: [
    "/api/v1/partners?month=%zz", "/api/v1/partners/%ff/indicators", "/api/v1/scales?a=%4", "/healthz?a=%zz",
  ])
  func theAPIKeepsToJSONForAMalformedAddress(_ target: String) {
    let answer = site.get(target, headers: Self.html)
    #expect(answer.status == 400)
    #expect(answer.header("Content-Type") == "application/problem+json")
    #expect(answer.text.contains("malformed percent-escape"))
  }

  @Test func aMalformedAddressLeadsOn() {
    let text = site.get("/?partner=a%3Cb&month=%zz", headers: Self.html).text
    #expect(text.contains("href=\"/?partner=a%3Cb\""))
    #expect(site.get("/%zz%3Cb%3E?a=b", headers: Self.html).text.contains("href=\"/\""))
    #expect(site.get("/api/v1/scales?month=%zz").text.contains("\"parameter\":\"month\""))
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

  private func firstBytes(_ answer: TestSite.Answer) -> [UInt8] {
    if case .bytes(let bytes) = answer.response.body { Array(bytes.prefix(2)) } else { [] }
  }

  @Test(arguments: ["gzip", "br, GZIP;q=0.5", "deflate,gzip ; q=1"]) func compresses(_ encodings: String)
    throws
  {
    let path = "/api/v1/partners/partner-2/indicators"
    let plain = site.get(path)
    let answer = site.get(path, headers: [("Accept-Encoding", encodings)])
    #expect(answer.header("Content-Encoding") == "gzip")
    #expect(answer.header("Vary")?.contains("Accept-Encoding") == true)
    #expect(plain.header("Vary")?.contains("Accept-Encoding") == true)
    #expect(firstBytes(answer) == [0x1f, 0x8b])
    let tag = try #require(plain.header("ETag"))
    #expect(answer.header("ETag") == "W/\(tag)")
    #expect(
      site.get(path, headers: [("Accept-Encoding", "gzip"), ("If-None-Match", "W/\(tag)")]).status == 304)
  }

  @Test(
    arguments: [
      [("Accept-Encoding", "identity")], [("Accept-Encoding", "gzip;q=0")], [],
      // Its length would tell another site what is in it.
      [("Accept-Encoding", "gzip"), ("Sec-Fetch-Site", "cross-site")],
    ] as [[(name: String, value: String)]])
  func doesNotCompress(_ headers: [(name: String, value: String)]) {
    let answer = site.get("/api/v1/partners/partner-2/indicators", headers: headers)
    #expect(answer.header("Content-Encoding") == nil)
    #expect(answer.text.hasPrefix("{"))
  }

  @Test func aShortAnswerIsNotCompressed() {
    #expect(site.get("/healthz", headers: [("Accept-Encoding", "gzip")]).header("Content-Encoding") == nil)
  }

  @Test(arguments: [
    ("", "of"), ("?of=month=2026-11", "of"), ("?of=partner=a%26month=x", "of"),
    ("?of=partner=a%26foo=1", "of"),
    ("?foo=1", "foo"), ("?of=partner=a%25", "of"),
  ])
  func changesNeedTheirReports(_ query: String, _ parameter: String) {
    let answer = site.get("/api/v1/changes\(query)")
    #expect(answer.status == 400)
    #expect(answer.text.contains("\"parameter\":\"\(parameter)\""))
    let many = Array(repeating: "of=partner=a", count: 33).joined(separator: "&")
    #expect(site.get("/api/v1/changes?\(many)").status == 400)
    #expect(site.get("/api/v1/changes?of=partner=a&of=partner=b%26country=FR").status == 200)
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
    #expect(
      site.get("/?partner=partner-2", headers: [("X-Forward", "a"), ("X-Forwardedfor", "b")]).status == 200)
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

  @Test func partnersAreFoundByAPart() {
    #expect(
      site.get("/api/v1/partners?q=NER-1").text.contains(
        "[\"partner-1\",\"partner-10\",\"partner-11\",\"partner-12\"]"))
    #expect(site.get("/api/v1/partners?q=x").text.contains("\"partners\":[],\"has_more\":false"))
  }

  @Test func theOverviewHasAllPartners() {
    let page = site.get("/partners?sort=customers_added&order=asc&lang=en")
    #expect(page.status == 200)
    #expect(page.text.contains("12 partners"))
    #expect(page.text.contains("<a href=\"/?partner=partner-12\" dir=\"auto\">partner-12</a>"))
    #expect(page.text.contains("aria-sort=\"ascending\""))
    #expect(page.text.contains("href=\"/partners?sort=customers_added&amp;order=desc\""))
    #expect(
      site.get("/partners?q=%22%3E%3Cb%3E&month=2026-11").text.contains("value=\"&quot;&gt;&lt;b&gt;\""))
  }

  @Test(arguments: ["sort=x", "order=up", "page=0", "page=x", "month=1", "q=a&q=b"])
  func theOverviewNamesWhatIsWrong(_ query: String) {
    let answer = site.get("/partners?\(query)", headers: [("Accept", "text/html")])
    #expect(answer.status == 400)
    #expect(answer.text.contains("<a href=\"/partners\">"))
  }

  @Test func anIndicatorHasItsPage() {
    let page = site.get("/indicator?indicator=customers_added&partner=partner-2&lang=en")
    #expect(page.status == 200)
    #expect(page.text.contains("<h1>Customers added</h1>"))
    #expect(page.text.contains("segment 2 from 4"))
    #expect(
      site.get("/indicator?indicator=customers_added").header("Location")?.hasPrefix("/indicator?partner=")
        == true)
    #expect(site.get("/indicator?indicator=x&partner=a").status == 404)
    #expect(site.get("/indicator?indicator=customers_added&partner=a&month=1").status == 400)
    #expect(
      site.get("/indicator?indicator=customers_added&partner=a&lang=en").text.contains(
        "Nothing under these filters"))
  }

  @Test func tablesHaveARowForEachIndicator() {
    let lines = site.get("/api/v1/partners/partner-2/indicators.csv").text.split(separator: "\r\n")
    #expect(lines.count == 8)
    #expect(lines[1].hasPrefix("partner-2,2026-11,,,,net_new_revenue,2.0,0.0,UP,1,12,3,1.0,3.0,"))
  }

  @Test func tablesAreMadeForSpreadsheets() throws {
    let answer = site.get("/api/v1/partners/partner-2/indicators.csv?lang=fr&country=")
    #expect(answer.text.unicodeScalars.first == "\u{feff}")
    let lines = answer.text.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(Set(lines.map(\.count)) == [31])
    let money = Dictionary(uniqueKeysWithValues: zip(lines[0], lines[1]))
    #expect(money["partner_name"] == "partner-2")
    #expect(money["indicator_name"] == "Chiffre d’affaires net")
    #expect(money["currency"] == "USD")
    #expect(money["in_progress"] == "true")
    #expect(lines[2].last == "")
    #expect(
      answer.header("Content-Disposition")
        == "attachment; filename=\"indicateurs, partner-2, 2026-11.csv\"; filename*=UTF-8''indicateurs%2C%20partner-2%2C%202026-11.csv"
    )
    #expect(site.get("/api/v1/partners/partner-2/indicators.csv?lang=de").status == 400)
  }

  @Test func theTwelveMonthsAreATable() {
    site.board.take([.snapshot(TestSite.snapshot(2, of: 12, value: 2.5))])
    let answer = site.get("/api/v1/partners/partner-2/history.csv")
    let lines = answer.text.split(separator: "\r\n")
    #expect(lines.count == 13)
    #expect(
      lines[0].hasSuffix(
        "partner,month,product,workload,country,in_progress,net_new_revenue,customers_added,net_paid_seats_added,certified_individuals,production_instances,monthly_active_users,mau_per_assigned_seat,partner_name,product_name,workload_name,country_name,currency"
      ))
    #expect(lines[1] == "partner-2,2025-12,,,,false,,,,,,,,partner-2,,,,USD")
    #expect(lines[12] == "partner-2,2026-11,,,,true,2.5,2.5,2.5,2.5,2.5,2.5,2.5,partner-2,,,,USD")
    #expect(site.get("/api/v1/partners/nobody/history.csv").text.split(separator: "\r\n").count == 1)
  }

  /// Whatever a partner is called, the name of a file stays one, and a header field stays one.
  @Test func filesHaveSafeNames() throws {
    var snapshot = TestSite.snapshot(1, of: 12)
    snapshot.partnerID = "a/../\"b\"\r\nX: y\u{202e}é"
    site.board.take([.snapshot(snapshot)])
    let path = "a%2F..%2F%22b%22%0D%0AX%3A%20y%E2%80%AE%C3%A9"
    let name = try #require(site.get("/api/v1/partners/\(path)/history.csv").header("Content-Disposition"))
    #expect(name.hasPrefix("attachment; filename=\"twelve months, a_.._"))
    #expect(name.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
    #expect(name.hasSuffix("%C3%A9%2C%202026-11.csv"))
    #expect(!name.contains("/") && name.filter { $0 == "\"" }.count == 2)
  }

  @Test func namesStandBesideIDs() {
    let report = site.get("/api/v1/partners/partner-2/indicators").text
    #expect(report.hasPrefix("{\"partner\":\"partner-2\",\"partner_name\":\"partner-2\",\"month\":"))
    #expect(report.contains("\"product_name\":null,\"workload_name\":null}"))
    #expect(
      site.get("/api/v1/partners?limit=1").text.hasSuffix(
        "\"partners\":[\"partner-1\"],\"has_more\":true,\"names\":[\"partner-1\"]}"))
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
