import Contract
import Dashboard
import Foundation
import Indicators
import Synchronization
import Testing

/// `/explain` and `/api/v1/partners/{id}/explain`.
@Suite struct ExplanationTests {
  private static let path = "/api/v1/partners/partner-2/explain?month=2026-11&indicator=net_new_revenue"
  private static let page = "/explain?partner=partner-2&month=2026-11&indicator=net_new_revenue"

  /// Partners whose facts were read.
  private final class Reads: Sendable {
    private let partners = Mutex<[String]>([])

    func append(_ partner: String) { partners.withLock { $0.append(partner) } }
    var all: [String] { partners.withLock { $0 } }
  }

  private let reads = Reads()

  /// A desk over a log of two lines, one of them of the time of another partner.
  private func desk(
    shortestAge: Duration = .seconds(3600), jobsPerClient: Int = ClientLimits().explanations
  ) -> ExplanationDesk {
    ExplanationDesk(timeLimit: .seconds(60), shortestAge: shortestAge, jobsPerClient: jobsPerClient) {
      [reads] partnerID, moments, _ in
      reads.append(partnerID)
      return try moments.map { try Self.book(of: partnerID, at: $0) }
    }
  }

  private static func book(of partnerID: String, at moment: Int64? = nil) throws -> FactBook {
    let catalog = try Catalog(
      reportingCurrency: "USD", excludedPartnerCountries: [],
      products: [Catalog.Product(id: "crm", name: "CRM", workloads: [])])
    let events =
      [subscription("partner-1", from: 1_780_000_000), subscription("partner-2", from: 1_793_500_000)]
      + [line("early", at: 1_790_000_000), line("late", at: 1_794_000_000)]
    var circle = PartnerCircle(partnerID: partnerID, partitions: 1)
    for event in events { withRecord(event) { circle.apply($0) } }
    var book = FactBook(catalog: catalog, circle: circle, at: moment)
    for event in events { withRecord(event) { book.apply($0) } }
    return book
  }

  private static func subscription(_ partner: String, from seconds: Int64) -> (Topic, [UInt8]) {
    var step = Subscription<String>()
    (step.customerID, step.subscriptionID, step.product) = ("acme", "s", "crm")
    (step.licenseProgram, step.kind, step.status, step.seats) = (.webDirect, .paid, .active, 1)
    (step.dporPartnerID, step.effectiveAt) = (partner, Timestamp(seconds: seconds))
    return (.subscriptions, step.protobuf)
  }

  private static func line(_ id: String, at seconds: Int64) -> (Topic, [UInt8]) {
    var line = BillingLine<String>()
    (line.customerID, line.subscriptionID, line.lineID) = ("acme", "s", id)
    (line.licenseProgram, line.amountMicros, line.currency) = (.webDirect, 5_000_000, "USD")
    line.billedAt = Timestamp(seconds: seconds)
    return (.billingLines, line.protobuf)
  }

  private static func withRecord(_ event: (Topic, [UInt8]), _ body: (UnsafeBufferPointer<Record>) -> Void) {
    Array("acme".utf8).withUnsafeBytes { key in
      event.1.withUnsafeBytes { bytes in
        let record = Record(
          topic: event.0, partition: 0, offset: 0, timestamp: nil, key: key, value: bytes)
        withUnsafePointer(to: record) { body(UnsafeBufferPointer(start: $0, count: 1)) }
      }
    }
  }

  @Test func theAPIAnswersOnceTheFactsAreRead() {
    let desk = desk()
    let site = TestSite(explanations: desk)
    let first = site.get(Self.path)
    #expect(first.status == 202)
    #expect(first.header("Retry-After") == "1")
    desk.answerAll()
    let answer = site.get(Self.path)
    #expect(answer.status == 200)
    #expect(answer.text.contains(#""total":{"billed_micros":5000000,"credited_micros":0}"#))
    #expect(answer.text.contains(#""line":"early""#))
    #expect(answer.text.contains(#""line":"late""#))
    #expect(answer.text.contains(#""as_of":"2026-"#))
    #expect(reads.all == ["partner-2"])
  }

  @Test func whatWasReadIsUsedForOtherQuestions() {
    let desk = desk()
    let site = TestSite(explanations: desk)
    let paths = ["?month=2026-10", "?month=2026-10&product=crm", "?month=2026-10&country=FR"].map {
      "/api/v1/partners/partner-2/explain\($0)"
    }
    #expect(paths.map { site.get($0).status } == [202, 202, 202])
    desk.answerAll()
    #expect(paths.map { site.get($0).status } == [200, 200, 200])
    #expect(reads.all == ["partner-2"])
  }

  @Test func itIsReadAnewWhereOtherNumbersArePublished() {
    let desk = desk(shortestAge: .zero)
    let site = TestSite(explanations: desk)
    _ = site.get(Self.path)
    desk.answerAll()
    // The snapshot of the test site has no billed amount.
    #expect(site.get(Self.path).status == 202)
    desk.answerAll()
    #expect(reads.all == ["partner-2", "partner-2"])
  }

  @Test func manyQuestionsAtOnceAreTooMany() {
    let site = TestSite(explanations: desk(jobsPerClient: 100))
    let statuses = (0..<20).map { site.get("/api/v1/partners/partner-\($0)/explain").status }
    #expect(statuses == Array(repeating: 202, count: 16) + Array(repeating: 503, count: 4))
  }

  @Test func whatCannotBeReadIsToldAsSuch() {
    let desk = ExplanationDesk { _, _, _ in throw CocoaError(.fileReadUnknown) }
    let site = TestSite(explanations: desk)
    _ = site.get(Self.path)
    desk.answerAll()
    #expect(site.get(Self.path).status == 503)
  }

  @Test func readingHasATimeLimit() {
    let desk = ExplanationDesk(timeLimit: .milliseconds(20)) { [reads] partnerID, _, isCancelled in
      while !isCancelled() { usleep(1000) }
      reads.append(partnerID)
      return nil
    }
    let site = TestSite(explanations: desk)
    _ = site.get(Self.path)
    desk.answerAll()
    let answer = site.get(Self.path)
    #expect(answer.status == 503)
    #expect(answer.text.contains("longer than"))
  }

  private static let difference = path.replacing("/explain", with: "/difference")

  @Test func theDifferenceFromTheMonthBeforeIsTold() {
    let desk = desk()
    let site = TestSite(explanations: desk)
    #expect(site.get(Self.difference).status == 202)
    desk.answerAll()
    let answer = site.get(Self.difference)
    #expect(answer.status == 200)
    #expect(answer.text.contains(#""before":{"month":"2026-10""#))
    #expect(answer.text.contains(#""cause":"came_in","changes":1"#))
    #expect(answer.text.contains(#""line":"late""#))
    #expect(!answer.text.contains("early"))
  }

  @Test func aDifferenceSinceAMomentReadsTwoBooks() {
    let desk = desk()
    let site = TestSite(explanations: desk)
    let path = Self.difference + "&since=2026-11-05T10:00:00Z"
    #expect(site.get(path).status == 202)
    desk.answerAll()
    #expect(site.get(path).text.contains(#""since":"2026-11-05T10:00:00Z""#))
    // Another moment is another question.
    #expect(site.get(Self.difference + "&since=2026-11-06T10:00:00Z").status == 202)
  }

  @Test(arguments: [
    ("against=May", "against"), ("since=yesterday", "since"),
    ("against=2026-10&since=2026-11-05T10:00:00Z", "since"),
  ])
  func namesTheBadParameterOfADifference(_ query: String, _ parameter: String) {
    let answer = TestSite(explanations: desk()).get("/api/v1/partners/partner-2/difference?\(query)")
    #expect(answer.status == 400)
    #expect(answer.text.contains("\"parameter\":\"\(parameter)\""))
  }

  @Test func aChangeLeadsToWhy() {
    let desk = desk()
    let site = TestSite(explanations: desk)
    let link = "/explain?partner=partner-2&amp;indicator=net_new_revenue&amp;against=2026-10"
    #expect(site.get("/?partner=partner-2").text.contains("href=\"\(link)\""))
    let page = Self.page + "&against=2026-10"
    #expect(site.get(page).header("Refresh") == "1")
    desk.answerAll()
    let text = site.get(page).text
    #expect(text.contains("Why it changed"))
    #expect(text.contains("acme / s / late"))
    #expect(text.contains("came in"))
    #expect(site.get(page + "&lang=fr").text.contains("Pourquoi ce changement"))
    #expect(site.get(Self.page + "&since=x").status == 400)
  }

  @Test(arguments: [("indicator=profit", "indicator"), ("limit=0", "limit"), ("foo=1", "foo")])
  func namesTheBadParameter(_ query: String, _ parameter: String) {
    let answer = TestSite(explanations: desk()).get("/api/v1/partners/partner-2/explain?\(query)")
    #expect(answer.status == 400)
    #expect(answer.text.contains("\"parameter\":\"\(parameter)\""))
  }

  @Test func anUnknownProductIsABadParameter() {
    let desk = desk()
    let site = TestSite(explanations: desk)
    _ = site.get("/api/v1/partners/partner-2/explain?product=bikes")
    desk.answerAll()
    #expect(site.get("/api/v1/partners/partner-2/explain?product=bikes").status == 400)
  }

  @Test func thePageLoadsItselfUntilThereIsSomethingToShow() {
    let desk = desk()
    let site = TestSite(explanations: desk)
    let first = site.get(Self.page)
    #expect(first.status == 200)
    #expect(first.header("Refresh") == "1")
    desk.answerAll()
    let page = site.get(Self.page)
    #expect(page.header("Refresh") == nil)
    #expect(page.text.contains("acme / s / late"))
    #expect(page.text.contains("another partner’s then"))
    #expect(page.text.contains("href=\"/?partner=partner-2&amp;month=2026-11\""))
    #expect(site.get(Self.page + "&lang=fr").text.contains("relevait alors d’un autre partenaire"))
  }

  @Test func eachIndicatorLeadsToIt() {
    let explained = TestSite(explanations: desk()).get("/?partner=partner-2").text
    for kind in IndicatorKind.allCases {
      #expect(explained.contains("href=\"/explain?partner=partner-2&amp;indicator=\(kind.name)\""))
    }
    #expect(!TestSite().get("/?partner=partner-2").text.contains("/explain"))
    #expect(TestSite().get(Self.page).status == 404)
    #expect(TestSite().get(Self.path).status == 404)
  }

  @Test func aPartnerSeesItsOwnFactsAlone() throws {
    let issuer = try Issuer(.p256, id: "1")
    let keyFile = NSTemporaryDirectory() + "jwks-\(UUID().uuidString).json"
    try Issuer.keySet([issuer]).write(toFile: keyFile, atomically: true, encoding: .utf8)
    let settings = TokenSettings(keyFile: keyFile, issuer: "portal", audience: "pulse")
    let desk = desk()
    let site = TestSite(
      access: .tokens(try TokenAccess(settings, report: { _ in })), explanations: desk)
    let claims = #""iss":"portal","aud":"pulse","exp":99999999999,"roles":["partner-viewer"]"#
    let token = issuer.token("{\(claims),\"partner_id\":\"partner-2\"}")
    func get(_ path: String) -> TestSite.Answer {
      site.get(path, headers: [("Authorization", "Bearer \(token)")])
    }
    #expect(site.get(Self.path).status == 401)
    #expect(site.get(Self.page).status == 401)
    #expect(get(Self.path.replacing("partner-2", with: "partner-1")).status == 403)
    #expect(get(Self.path).status == 202)
    desk.answerAll()
    for text in [get(Self.path).text, get(Self.page).text] {
      #expect(text.contains("late"))
      #expect(!text.contains("early"))
    }
    #expect(get(Self.path).text.contains(#""partial":true"#))
    // A page is always the partner's own, whichever it names.
    #expect(get(Self.page.replacing("partner=partner-2", with: "partner=partner-1")).text.contains("late"))
    #expect(reads.all == ["partner-2"])
  }
}
