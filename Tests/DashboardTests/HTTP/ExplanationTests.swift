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

  /// A service over a log of two lines, one of them of the time of another partner.
  private func service(
    shortestAge: Duration = .seconds(3600), jobsPerClient: Int = ClientLimits().explanations,
    isQuick: Bool = false
  ) -> ExplanationService {
    ExplanationService(
      timeLimit: .seconds(60), shortestAge: shortestAge, jobsPerClient: jobsPerClient, isQuick: { isQuick },
      events: { [reads] partnerID, _ in
        reads.append("events of \(partnerID)")
        return try Self.circle(of: partnerID)
      }
    ) { [reads] partnerID, moments, _ in
      reads.append(partnerID)
      return try moments.map { try Self.book(of: partnerID, at: $0) }
    }
  }

  private static var events: [(Topic, [UInt8])] {
    [subscription("partner-1", from: 1_780_000_000), subscription("partner-2", from: 1_793_500_000)]
      + [line("early", at: 1_790_000_000), line("late", at: 1_794_000_000), name, account]
  }

  private static var catalog: Catalog {
    get throws {
      try Catalog(
        reportingCurrency: "USD", excludedPartnerCountries: [],
        products: [Catalog.Product(id: "crm", name: "CRM", workloads: [])])
    }
  }

  /// What came, a second after the other.
  private static func circle(of partnerID: String) throws -> CircleEvents {
    var circle = PartnerCircle(partnerID: partnerID, partitions: 1)
    for event in events { withRecord(event) { circle.apply($0) } }
    var result = CircleEvents(catalog: try catalog, circle: circle)
    for (index, event) in events.enumerated() {
      withRecord(event, arrivedAt: 1_795_000_000_000 + Int64(index) * 1000) { result.apply($0) }
    }
    return result
  }

  private static func book(of partnerID: String, at moment: Int64? = nil) throws -> FactBook {
    let catalog = try catalog
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

  private static var name: (Topic, [UInt8]) {
    var step = Customer<String>()
    (step.customerID, step.name, step.country) = ("acme", "Acme <SA>", "FR")
    step.effectiveAt = Timestamp(seconds: 1_780_000_000)
    return (.customers, step.protobuf)
  }

  private static func line(_ id: String, at seconds: Int64) -> (Topic, [UInt8]) {
    var line = BillingLine<String>()
    (line.customerID, line.subscriptionID, line.lineID) = ("acme", "s", id)
    (line.licenseProgram, line.amountMicros, line.currency) = (.webDirect, 5_000_000, "USD")
    line.billedAt = Timestamp(seconds: seconds)
    return (.billingLines, line.protobuf)
  }

  private static var account: (Topic, [UInt8]) {
    var step = Partner<String>()
    (step.partnerID, step.country, step.accounts) = ("partner-2", "FR", [.csp])
    step.effectiveAt = Timestamp(seconds: 1_780_000_000)
    return (.partners, step.protobuf)
  }

  private static func withRecord(
    _ event: (Topic, [UInt8]), arrivedAt timestamp: Int64? = nil,
    _ body: (UnsafeBufferPointer<Record>) -> Void
  ) {
    Array((event.0 == .partners ? "partner-2" : "acme").utf8).withUnsafeBytes { key in
      event.1.withUnsafeBytes { bytes in
        let record = Record(
          topic: event.0, partition: 0, offset: 0, timestamp: timestamp, key: key, value: bytes)
        withUnsafePointer(to: record) { body(UnsafeBufferPointer(start: $0, count: 1)) }
      }
    }
  }

  @Test func theAPIAnswersOnceTheFactsAreRead() {
    let service = service()
    let site = TestSite(explanations: service)
    let first = site.get(Self.path)
    #expect(first.status == 202)
    #expect(first.header("Retry-After") == "1")
    service.answerAll()
    let answer = site.get(Self.path)
    #expect(answer.status == 200)
    #expect(answer.text.contains(#""total":{"billed_micros":5000000,"credited_micros":0}"#))
    #expect(answer.text.contains(#""line":"early""#))
    #expect(answer.text.contains(#""line":"late""#))
    #expect(answer.text.contains(#""as_of":"2026-"#))
    #expect(reads.all == ["partner-2"])
  }

  @Test func whatWasReadIsUsedForOtherQuestions() {
    let service = service()
    let site = TestSite(explanations: service)
    let paths = ["?month=2026-10", "?month=2026-10&product=crm", "?month=2026-10&country=FR"].map {
      "/api/v1/partners/partner-2/explain\($0)"
    }
    #expect(paths.map { site.get($0).status } == [202, 202, 202])
    service.answerAll()
    #expect(paths.map { site.get($0).status } == [200, 200, 200])
    #expect(reads.all == ["partner-2"])
  }

  @Test func itIsReadAnewWhereOtherNumbersArePublished() {
    let service = service(shortestAge: .zero)
    let site = TestSite(explanations: service)
    _ = site.get(Self.path)
    service.answerAll()
    // The snapshot of the test site has no billed amount.
    #expect(site.get(Self.path).status == 202)
    service.answerAll()
    #expect(reads.all == ["partner-2", "partner-2"])
  }

  @Test func manyQuestionsAtOnceAreTooMany() {
    let site = TestSite(explanations: service(jobsPerClient: 100))
    let statuses = (0..<20).map { site.get("/api/v1/partners/partner-\($0)/explain").status }
    #expect(statuses == Array(repeating: 202, count: 16) + Array(repeating: 503, count: 4))
  }

  @Test func whatCannotBeReadIsToldAsSuch() {
    let service = ExplanationService { _, _, _ in throw CocoaError(.fileReadUnknown) }
    let site = TestSite(explanations: service)
    _ = site.get(Self.path)
    service.answerAll()
    #expect(site.get(Self.path).status == 503)
  }

  @Test func readingHasATimeLimit() {
    let service = ExplanationService(timeLimit: .milliseconds(20)) { [reads] partnerID, _, isCancelled in
      while !isCancelled() { usleep(1000) }
      reads.append(partnerID)
      return nil
    }
    let site = TestSite(explanations: service)
    _ = site.get(Self.path)
    service.answerAll()
    let answer = site.get(Self.path)
    #expect(answer.status == 503)
    #expect(answer.text.contains("longer than"))
  }

  @Test func customersHaveNamesAndSubtotals() {
    let service = service()
    let site = TestSite(explanations: service)
    _ = [site.get(Self.path), site.get(Self.difference)]
    service.answerAll()
    let text = site.get(Self.path).text
    #expect(
      text.contains(
        #""customers":[{"customer":"acme","customer_name":"Acme <SA>","value":5.0,"share":1.0,"#
          + #""total":{"billed_micros":5000000,"credited_micros":0},"facts":1}]"#))
    #expect(text.contains(#"{"kind":"billing_line","customer":"acme","customer_name":"Acme <SA>","#))
    #expect(text.contains(#""customer":null,"#))
    let difference = site.get(Self.difference).text
    #expect(
      difference.contains(#""customers":[{"customer":"acme","customer_name":"Acme <SA>","difference":"#))
  }

  @Test func oneCustomerAlone() {
    let service = service()
    let site = TestSite(explanations: service)
    _ = site.get(Self.path)
    service.answerAll()
    #expect(site.get(Self.path + "&customer=acme").text.contains(#""customer":"acme","standing""#))
    let none = site.get(Self.path + "&customer=beta").text
    #expect(none.contains(#""total":{"billed_micros":0,"credited_micros":0}"#))
    #expect(none.contains(#""facts":[]"#))
    // It is of the same facts.
    #expect(reads.all == ["partner-2"])
  }

  @Test func thePageHasCustomersThatLeadOn() {
    let service = service()
    let site = TestSite(explanations: service)
    _ = [site.get(Self.page), site.get(Self.page + "&against=2026-10")]
    service.answerAll()
    let link = "/explain?partner=partner-2&amp;month=2026-11&amp;indicator=net_new_revenue&amp;customer=acme"
    let page = site.get(Self.page).text
    #expect(page.contains("By customer"))
    #expect(page.contains("<a href=\"\(link)&amp;lang=en\" dir=\"auto\">Acme &lt;SA&gt;</a>"))
    #expect(page.contains("100%"))
    let compared = site.get(Self.page + "&against=2026-10").text
    #expect(compared.contains("href=\"\(link)&amp;against=2026-10&amp;lang=en\""))
    let one = site.get(Self.page + "&customer=acme").text
    #expect(one.contains("Acme &lt;SA&gt; (acme)"))
    #expect(!one.contains("By customer"))
    #expect(one.contains("All customers"))
    #expect(site.get(Self.page + "&customer=%3Cb%3E").text.contains("&lt;b&gt;</span>"))
  }

  @Test func anIndicatorHasItsCustomersFromAFactStoreAlone() {
    let page = "/indicator?partner=partner-2&indicator=net_new_revenue&lang=en"
    let slow = TestSite(explanations: service()).get(page)
    #expect(slow.header("Refresh") == nil)
    #expect(slow.text.contains("#customers\">By customer</a>"))
    #expect(reads.all == [])
    let service = service(isQuick: true)
    let site = TestSite(explanations: service)
    #expect(site.get(page).header("Refresh") == "1")
    service.answerAll()
    let answer = site.get(page)
    #expect(answer.header("Refresh") == nil)
    #expect(answer.text.contains(">Acme &lt;SA&gt;</a>"))
    #expect(reads.all == ["partner-2"])
    let exams = site.get("/indicator?partner=partner-2&indicator=certified_individuals")
    #expect(exams.header("Refresh") == nil)
    #expect(!exams.text.contains("customer</"))
    #expect(!TestSite().get(page).text.contains("By customer"))
  }

  private static let difference = path.replacing("/explain", with: "/difference")

  @Test func theDifferenceFromTheMonthBeforeIsTold() {
    let service = service()
    let site = TestSite(explanations: service)
    #expect(site.get(Self.difference).status == 202)
    service.answerAll()
    let answer = site.get(Self.difference)
    #expect(answer.status == 200)
    #expect(answer.text.contains(#""before":{"month":"2026-10""#))
    #expect(answer.text.contains(#""cause":"came_in","changes":1"#))
    #expect(answer.text.contains(#""line":"late""#))
    #expect(!answer.text.contains("early"))
  }

  @Test func aDifferenceSinceAMomentReadsTwoBooks() {
    let service = service()
    let site = TestSite(explanations: service)
    let path = Self.difference + "&since=2026-11-05T10:00:00Z"
    #expect(site.get(path).status == 202)
    service.answerAll()
    #expect(site.get(path).text.contains(#""since":"2026-11-05T10:00:00Z""#))
    // Another moment is another question.
    #expect(site.get(Self.difference + "&since=2026-11-06T10:00:00Z").status == 202)
  }

  @Test(arguments: [
    ("against=May", "against"), ("since=yesterday", "since"),
    ("against=2026-10&since=2026-11-05T10:00:00Z", "since"),
  ])
  func namesTheBadParameterOfADifference(_ query: String, _ parameter: String) {
    let answer = TestSite(explanations: service()).get("/api/v1/partners/partner-2/difference?\(query)")
    #expect(answer.status == 400)
    #expect(answer.text.contains("\"parameter\":\"\(parameter)\""))
  }

  @Test func aChangeLeadsToWhy() {
    let service = service()
    let site = TestSite(explanations: service)
    let link = "/explain?partner=partner-2&amp;indicator=net_new_revenue&amp;against=2026-10"
    #expect(site.get("/?partner=partner-2").text.contains("href=\"\(link)\""))
    let page = Self.page + "&against=2026-10"
    #expect(site.get(page).header("Refresh") == "1")
    service.answerAll()
    let text = site.get(page).text
    #expect(text.contains("Why it changed"))
    #expect(text.contains("Acme &lt;SA&gt; / s / late"))
    #expect(text.contains("came in"))
    #expect(site.get(page + "&lang=fr").text.contains("Pourquoi ce changement"))
    #expect(site.get(Self.page + "&since=x").status == 400)
  }

  private static let revisions = path.replacing("/explain", with: "/revisions") + "&by=arrival"
  private static let history = page.replacing("/explain", with: "/history") + "&by=arrival&lang=en"

  @Test func theAPITellsWhenANumberChanged() {
    let service = service()
    let site = TestSite(explanations: service)
    let earlier = Self.revisions + "&before=2026-11-18T11:06:45Z"
    #expect([Self.revisions, earlier].map { site.get($0).status } == [202, 202])
    service.answerAll()
    let answer = site.get(Self.revisions)
    #expect(answer.status == 200)
    // The account came last, and made it public.
    #expect(
      answer.text.contains(
        #""by":"arrival","newest":{"standing":"published","value":5.0,"#
          + #""total":{"billed_micros":5000000,"credited_micros":0}},"steps":[{"at":"2026-11-18T11:06:45Z""#))
    #expect(answer.text.contains(#""before":{"standing":"unknown_partner","value":null,"#))
    #expect(answer.text.contains(#""line":"late""#))
    #expect(!answer.text.contains("early"))
    #expect(answer.text.hasSuffix(#""earlier":null}"#))
    #expect(site.get(earlier).text.contains(#""newest":{"standing":"unknown_partner""#))
    #expect(reads.all == ["events of partner-2"])
  }

  @Test func thePageTellsWhenANumberChanged() {
    let service = service()
    let site = TestSite(explanations: service)
    #expect(site.get(Self.history).header("Refresh") == "1")
    service.answerAll()
    let page = site.get(Self.history)
    #expect(page.header("Refresh") == nil)
    #expect(page.text.contains("<h2 id=\"step-1\">18 November 2026, 11:06:45\u{a0}UTC</h2>"))
    #expect(page.text.contains("not published: partner unknown → $5"))
    #expect(page.text.contains("Acme &lt;SA&gt; / s / late"))
    #expect(
      site.get(Self.history.replacing("lang=en", with: "lang=fr")).text.contains("Quand ce nombre a changé"))
    _ = site.get(Self.page)
    service.answerAll()
    #expect(
      site.get(Self.page).text.contains("href=\"/history?partner=partner-2&amp;month=2026-11&amp;indicator="))
    #expect(site.get(Self.history + "&before=x").status == 400)
    #expect(site.get("/history?partner=partner-2&indicator=x").status == 404)
  }

  @Test func withoutEventsThereAreNoHistories() {
    let service = ExplanationService { partnerID, moments, _ in
      try moments.map { try Self.book(of: partnerID, at: $0) }
    }
    let site = TestSite(explanations: service)
    #expect(site.get(Self.revisions).status == 404)
    #expect(site.get(Self.history).status == 404)
    _ = site.get(Self.page)
    service.answerAll()
    #expect(!site.get(Self.page).text.contains("/history"))
  }

  @Test(arguments: [
    ("by=week", "by"), ("before=x", "before"), ("limit=101", "limit"), ("customer=a", "customer"),
  ])
  func namesTheBadParameterOfAHistory(_ query: String, _ parameter: String) {
    let answer = TestSite(explanations: service()).get("/api/v1/partners/partner-2/revisions?\(query)")
    #expect(answer.status == 400)
    #expect(answer.text.contains("\"parameter\":\"\(parameter)\""))
  }

  @Test(arguments: [("indicator=profit", "indicator"), ("limit=0", "limit"), ("foo=1", "foo")])
  func namesTheBadParameter(_ query: String, _ parameter: String) {
    let answer = TestSite(explanations: service()).get("/api/v1/partners/partner-2/explain?\(query)")
    #expect(answer.status == 400)
    #expect(answer.text.contains("\"parameter\":\"\(parameter)\""))
  }

  @Test func anUnknownProductIsABadParameter() {
    let service = service()
    let site = TestSite(explanations: service)
    _ = site.get("/api/v1/partners/partner-2/explain?product=bikes")
    service.answerAll()
    #expect(site.get("/api/v1/partners/partner-2/explain?product=bikes").status == 400)
  }

  @Test func thePageLoadsItselfUntilThereIsSomethingToShow() {
    let service = service()
    let site = TestSite(explanations: service)
    let first = site.get(Self.page)
    #expect(first.status == 200)
    #expect(first.header("Refresh") == "1")
    service.answerAll()
    let page = site.get(Self.page)
    #expect(page.header("Refresh") == nil)
    #expect(page.text.contains("Acme &lt;SA&gt; / s / late"))
    #expect(page.text.contains("another partner’s then"))
    #expect(page.text.contains("href=\"/?partner=partner-2&amp;month=2026-11\""))
    #expect(site.get(Self.page + "&lang=fr").text.contains("relevait alors d’un autre partenaire"))
  }

  @Test func eachIndicatorLeadsToIt() {
    let explained = TestSite(explanations: service()).get("/?partner=partner-2").text
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
    let service = service()
    let site = TestSite(
      access: .tokens(try TokenAccess(settings, report: { _ in })), explanations: service)
    let claims = #""iss":"portal","aud":"pulse","exp":99999999999,"roles":["partner-viewer"]"#
    let token = issuer.token("{\(claims),\"partner_id\":\"partner-2\"}")
    func get(_ path: String) -> TestSite.Answer {
      site.get(path, headers: [("Authorization", "Bearer \(token)")])
    }
    #expect(site.get(Self.path).status == 401)
    #expect(site.get(Self.page).status == 401)
    for path in [Self.path, Self.difference, Self.revisions] {
      #expect(get(path.replacing("partner-2", with: "partner-1")).status == 403)
    }
    #expect(get(Self.path).status == 202)
    service.answerAll()
    for text in [get(Self.path).text, get(Self.page).text] {
      #expect(text.contains("late"))
      #expect(!text.contains("early"))
    }
    #expect(get(Self.path).text.contains(#""partial":true"#))
    // Neither that one customer has such facts, nor that another one has none, is told.
    for customer in ["acme", "nobody"] {
      #expect(get(Self.path + "&customer=\(customer)").text.contains(#""partial":true"#))
    }
    // A page is always the partner's own, whichever it names.
    #expect(get(Self.page.replacing("partner=partner-2", with: "partner=partner-1")).text.contains("late"))
    #expect(reads.all == ["partner-2"])
  }
}
