import Contract
import Dashboard
import Foundation
import HTTPServer
import SnapshotView
import Testing
import Topology

@Suite struct PageHandlerTests {
  private func makeSample() -> SampleView {
    var sample = SampleView()
    for cell in [
      Cell(), Cell(product: "x"), Cell(product: "x", workload: "w"), Cell(product: "y"), Cell(country: "FR"),
    ] {
      sample.add("acme", cell, value: 1234, previous: 1000, bar: 3)
      sample.addScale(cell, partners: [3, 2, 5, 0])
    }
    sample.add("zeta", value: 5, previous: 9, trend: .down, bar: 1)
    sample.add("acme", Cell(), "2026-10", value: 1000)
    sample.addScale(Cell(), "2026-10", partners: [3, 3, 3, 3])
    return sample
  }

  private var settings: PageSettings {
    var names = DisplayNames()
    names.add(product: "x", name: "Product X", workloads: [("w", "Work W")])
    return PageSettings(names: names)
  }

  private func answer(
    _ target: String, _ headers: [(name: String, value: String)] = [],
    as viewer: Viewer = Viewer(.administrator),
    sample: SampleView? = nil
  ) throws -> Response {
    let request = try #require(Request(method: "GET", target: target, headers: headers))
    let view = (sample ?? makeSample()).view
    let handler = PageHandler(settings, RangeRule())
    let response = try handler.page(request, viewer) { $0(view) }
    guard response.status == 302 else { return response }
    // As browsers do.
    let location = try #require(response.headers.first { $0.name == "Location" }?.value)
    let next = try #require(Request(method: "GET", target: location, headers: headers))
    return try handler.page(next, viewer) { $0(view) }
  }

  private func text(of response: Response) -> String {
    guard case .bytes(let bytes) = response.body else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func page(_ target: String, as viewer: Viewer = Viewer(.administrator), _ sample: SampleView? = nil)
    throws -> String
  {
    text(of: try answer(target, [], as: viewer, sample: sample))
  }

  @Test func theLanguageIsTheSwitchsThenTheCookiesThenTheBrowsers() throws {
    let french = [(name: "Accept-Language", value: "fr")]
    let cookie = french + [(name: "Cookie", value: "a=b; partner-pulse-language=en")]
    #expect(text(of: try answer("/", french)).contains("<html lang=\"fr\">"))
    #expect(text(of: try answer("/", cookie)).contains("<html lang=\"en\">"))
    let switched = try answer("/?lang=fr", cookie)
    #expect(text(of: switched).contains("Contribution partenaire"))
    #expect(
      switched.headers.contains {
        $0.name == "Set-Cookie" && $0.value.hasPrefix("partner-pulse-language=fr;")
      })
    #expect(try answer("/", cookie).headers.allSatisfy { $0.name != "Set-Cookie" })
  }

  @Test func aPartnerSeesItselfWhateverItNames() throws {
    let own = try page("/?partner=acme", as: Viewer(.partner(id: "zeta")))
    #expect(own.contains("zeta"))
    #expect(!own.contains("acme"))
    #expect(!own.contains("filter-partner"))
  }

  @Test func whatLooksTheSameIsChosenApart() throws {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    var sample = makeSample()
    for (id, value) in [(composed, 7.0), (decomposed, 8.0)] {
      sample.add(id, value: value)
      sample.add(id, Cell(product: composed), value: value)
      sample.add(id, Cell(product: decomposed), value: value)
    }
    for (chosen, path) in [(composed, "caf%C3%A9"), (decomposed, "cafe%CC%81")] {
      let page = try page("/?partner=\(path)&product=\(path)", as: Viewer(.administrator), sample)
      let options = page.utf8.split(separator: UInt8(ascii: "<")).filter {
        $0.starts(with: "option value=\"caf".utf8)
      }
      // In the order of their bytes: of partners, then of products.
      let wanted = ([decomposed, composed] + [decomposed, composed]).map { id in
        "option value=\"\(id)\"\(id.utf8.elementsEqual(chosen.utf8) ? " selected" : "")>\(id)"
      }
      #expect(options.map { Array($0) } == wanted.map { Array($0.utf8) })
    }
  }

  @Test func aNameThatLooksLikeTheIdIsShownWithIt() throws {
    let settings = settings
    var event = Partner<String>()
    (event.partnerID, event.name, event.effectiveAt) = ("acm\u{e9}", "acme\u{301}", Timestamp(seconds: 1))
    settings.partners.take(event)
    var sample = SampleView()
    sample.add("acm\u{e9}")
    sample.addScale(partners: [1, 0, 0, 0])
    let request = try #require(Request(method: "GET", target: "/?partner=acm%C3%A9"))
    let view = sample.view
    let page = text(
      of: try PageHandler(settings, RangeRule()).page(request, Viewer(.administrator)) { $0(view) })
    #expect(page.contains(">acme\u{301} (acm\u{e9})</option>"))
    #expect(page.contains("<span dir=\"auto\">acm\u{e9}</span>"))
  }

  @Test func anAdministratorChooses() throws {
    let first = try page("/")
    #expect(first.contains("<option value=\"acme\" selected>acme</option>"))
    #expect(try page("/?partner=zeta").contains("<option value=\"zeta\" selected>zeta</option>"))
    #expect(try page("/?partner=nobody").contains("No results for nobody in November 2026"))
  }

  @Test func aPartnerIsCalledByItsNewestName() throws {
    let names = PartnerNames()
    for (name, second, revision) in [("Acme", 5, 2), ("Old", 4, 9), ("Older", 5, 1), ("", 9, 9)]
      as [(String, Int64, Int64)]
    {
      var event = Partner<String>()
      (event.partnerID, event.name, event.revision) = ("acme", name, revision)
      event.effectiveAt = Timestamp(seconds: second)
      names.take(event)
    }
    var settings = settings
    settings.partners = names
    let request = try #require(Request(method: "GET", target: "/?partner=acme", headers: []))
    let view = makeSample().view
    let page = text(
      of: try PageHandler(settings, RangeRule()).page(request, Viewer(.administrator)) { $0(view) })
    #expect(page.contains("<title>Partner contribution – Acme</title>"))
    #expect(page.contains("<strong dir=\"auto\">Acme</strong><span dir=\"auto\">acme</span>"))
    #expect(page.contains("<option value=\"acme\" selected>Acme (acme)</option>"))
    #expect(page.contains("<option value=\"zeta\">zeta</option>"))
  }

  @Test func whatComesFromOutsideIsEscaped() throws {
    let evil = "<img src=x onerror=alert(1)>\"'&"
    var sample = makeSample()
    sample.add(evil, Cell())
    sample.add(evil, Cell(product: evil, country: evil))
    sample.add(evil, Cell(product: evil))
    sample.add(evil, Cell(product: evil, workload: evil))
    sample.add(evil, Cell(country: evil))
    sample.addScale(Cell(product: evil, workload: evil, country: evil), partners: [3])
    var encoded = ""
    for byte in evil.utf8 { encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    for target in [
      "/", "/?partner=\(encoded)", "/?partner=\(encoded)&product=\(encoded)&workload=\(encoded)",
    ] {
      let page = try page(target, sample)
      #expect(!page.contains("<img"))
      #expect(!page.contains("\"'"))
      #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"))
    }
  }

  @Test func itHasNoScriptOrStyleOfItsOwn() throws {
    let page = try page("/")
    #expect(!page.contains("style="))
    #expect(!page.contains("<style"))
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(page.firstMatch(of: #/<script src="/assets/page-[0-9a-f]{16}\.js" defer><\/script>/#) != nil)
    #expect(page.firstMatch(of: #/\son[a-z]+=/#) == nil)
  }

  @Test func whatItLoadsIsThere() throws {
    let page = try page("/")
    let handler = PageHandler(settings, RangeRule())
    let paths = page.matches(of: #/"(\/assets\/[^"]+)"/#).map { String($0.1) }
    #expect(paths.count == 3)
    for path in paths {
      let asset = handler.asset(try #require(Request(method: "GET", target: path)))
      #expect(asset?.status == 200)
      #expect(
        asset?.headers.contains {
          $0.name == "Cache-Control" && $0.value == "public, max-age=31536000, immutable"
        } == true)
    }
    #expect(handler.asset(try #require(Request(method: "GET", target: "/assets/page-0.js"))) == nil)
    #expect(handler.asset(try #require(Request(method: "GET", target: "/assets/a/\(paths[0])"))) == nil)
  }

  /// The partner in the middle may be another one at any time: the address names the one that was chosen.
  @Test func theAddressNamesThePartner() throws {
    let request = try #require(Request(method: "GET", target: "/?lang=fr&utm_source=mail&partner="))
    let view = makeSample().view
    let handler = PageHandler(settings, RangeRule())
    let response = try handler.page(request, Viewer(.administrator)) { $0(view) }
    #expect(response.status == 302)
    #expect(
      response.headers.first { $0.name == "Location" }?.value == "/?partner=acme&lang=fr&utm_source=mail")
    #expect(response.headers.contains { $0.name == "Cache-Control" && $0.value.contains("no-store") })
    #expect(response.headers.contains { $0.name == "Set-Cookie" })
    #expect(try handler.page(request, Viewer(.partner(id: "zeta"))) { $0(view) }.status == 200)
    let empty = SampleView().view
    #expect(try handler.page(request, Viewer(.administrator)) { $0(empty) }.status == 200)
  }

  @Test(arguments: [
    ("month=2026-13", "month"), ("month=x", "month"), ("country=fr", "country"), ("product=a%7Cb", "product"),
    ("product=x&workload=%7C", "workload"), ("partner=a&partner=b", "partner"),
    ("month=2026-11&month=2026-10", "month"),
  ])
  func aWrongAddressIsRefused(_ query: String, _ parameter: String) throws {
    let request = try #require(Request(method: "GET", target: "/?\(query)"))
    let view = makeSample().view
    #expect {
      try PageHandler(settings, RangeRule()).page(request, Viewer(.administrator)) { $0(view) }
    } throws: { ($0 as? Problem)?.parameter == parameter && ($0 as? Problem)?.status == 400 }
  }

  @Test func whatFormsSendIsNotWrong() throws {
    #expect(
      try answer("/?partner=acme&month=&product=&workload=&country=&fbclid=1&fbclid=2").status == 200)
  }

  @Test func whileItReadsItSaysSo() throws {
    let request = try #require(Request(method: "GET", target: "/?lang=en"))
    let (empty, full) = (SampleView().view, makeSample().view)
    let handler = PageHandler(settings, RangeRule())
    let viewer = Viewer(.partner(id: "acme"))
    let progress = Progress(done: 43, total: 100)
    let reading = text(of: try handler.page(request, viewer, reading: progress) { $0(empty) })
    #expect(reading.contains("The results are being read"))
    #expect(reading.contains("43% is read"))
    #expect(!reading.contains("There are no results yet"))
    let end = Progress(done: 100, total: 100)
    #expect(text(of: try handler.page(request, viewer, reading: end) { $0(empty) }).contains("99% is read"))
    let done = text(of: try handler.page(request, viewer, reading: progress) { $0(full) })
    #expect(!done.contains("being read"))
  }

  /// The versions of the parts that a page has.
  private func versions(of page: String) throws -> [String] {
    let match = try #require(page.firstMatch(of: #/data-versions="([0-9a-f,]*)"/#))
    return match.1.split(separator: ",").map(String.init)
  }

  @Test func onlyWhatHasChangedIsSentAgain() throws {
    let target = "/?partner=acme&lang=en"
    let whole = try page(target)
    let known = try versions(of: whole)
    #expect(known.count > 28)
    let same = text(of: try answer(target, [("Partner-Pulse-Parts", known.joined(separator: ","))]))
    #expect(!same.contains("data-part"))
    #expect(try versions(of: same) == known)
    var changed = makeSample()
    changed.add("acme", value: 1300, previous: 1000, bar: 3)
    let parts = text(
      of: try answer(target, [("Partner-Pulse-Parts", known.joined(separator: ","))], sample: changed))
    #expect(parts.contains("data-part=\"figure-net_new_revenue\""))
    #expect(parts.contains("$1,300"))
    #expect(
      !parts.contains("<main") && !parts.contains("filter-month") && parts.utf8.count < whole.utf8.count / 2)
    // What does not fit is sent whole.
    for wrong in ["", "x", known.dropLast().joined(separator: ",")] {
      #expect(
        text(of: try answer(target, [("Partner-Pulse-Parts", wrong)], sample: changed)).contains("<main"))
    }
  }

  @Test func rangesAndNumbersAreInTheLanguage() throws {
    let english = try page("/?partner=acme&lang=en")
    #expect(english.contains("$1,234"))
    #expect(english.contains("$300 to $304"))
    #expect(english.contains("Lowest <strong>$100</strong>"))
    #expect(english.contains("+$234 (+23%)</span><span class=\"against\"> vs Oct 2026</span>"))
    let french = try page("/?partner=acme&lang=fr")
    #expect(french.contains("1\u{202f}234\u{a0}$US"))
    #expect(french.contains("de 300\u{a0}$US à 304\u{a0}$US"))
    #expect(french.contains("novembre 2026"))
  }

  @Test func aPartnerIsToldWhyThereAreNoRanges() throws {
    let page = try page("/?lang=en", as: Viewer(.partner(id: "acme")))
    #expect(page.contains("Range not shown: too few partners"))
    #expect(!page.contains("$300"))
    #expect(!page.contains("Lowest"))
  }

  @Test func whereItStandsInItsSegmentFollowsFromWhatIsShown() throws {
    var sample = SampleView()
    for (partner, value, bar) in [("acme", 310.0, 3), ("zeta", 390.0, 3)] {
      sample.add(partner, value: value, bar: Int32(bar))
    }
    sample.addScale(partners: [99, 99, 99, 99])
    // 300 to 398, which for a partner is rounded to 400.
    #expect(try page("/?partner=acme", sample).contains("place at-10\""))
    #expect(try page("/?partner=zeta", sample).contains("this partner: 92% of the way"))
    #expect(try page("/", as: Viewer(.partner(id: "zeta")), sample).contains("you: 90% of the way"))
    #expect(
      try page("/", as: Viewer(.partner(id: "zeta")), sample).contains("Highest <strong>≤\u{a0}$500</strong>")
    )
    var few = sample
    few.addScale(partners: [99, 2, 99, 99])
    let withheld = try page("/", as: Viewer(.partner(id: "zeta")), few)
    #expect(withheld.contains("place at-50\""))
    #expect(!withheld.contains("of the way"))
    #expect(withheld.contains("Ranges not shown: too few partners"))
  }

  @Test func filtersOfferWhatThePartnerHas() throws {
    let all = try page("/?partner=acme")
    #expect(all.contains("<option value=\"x\">Product X</option>"))
    #expect(all.contains("<option value=\"FR\">France</option>"))
    #expect(!all.contains("Work W"))
    let filtered = try page("/?partner=acme&product=x")
    #expect(filtered.contains("<option value=\"w\">Work W</option>"))
    #expect(filtered.contains("<option value=\"2026-10\">October 2026</option>"))
    #expect(filtered.contains("data-of=\"partner=acme&amp;product=x\""))
  }

  @Test func aWorkloadOfAnotherProductIsDropped() throws {
    #expect(try page("/?partner=acme&product=x&workload=w").contains("product=x&amp;workload=w"))
    #expect(!(try page("/?partner=acme&product=y&workload=w").contains("workload=w")))
    #expect(!(try page("/?partner=acme&workload=w").contains("workload=w")))
  }

  @Test func nothingToShowIsSaid() throws {
    #expect(try page("/?partner=zeta&product=x").contains("Nothing under these filters in November 2026"))
    #expect(try page("/", SampleView()).contains("There are no results yet"))
    #expect(
      try page("/?lang=fr", as: Viewer(.partner(id: "new"))).contains(
        "Aucun résultat pour new en novembre 2026"))
  }

  @Test func anUndefinedValueIsADash() throws {
    var sample = makeSample()
    sample.add("none", value: nil, previous: nil, trend: .unchanged, bar: nil)
    let page = try page("/?partner=none", sample)
    #expect(page.contains("No seat is assigned in this month."))
    #expect(page.contains("In none of four segments"))
  }
}
