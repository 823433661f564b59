import Contract
import Dashboard
import Foundation
import HTTPServer
import SnapshotView
import Testing

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
    _ sample: SampleView? = nil
  ) throws -> Response {
    let request = try #require(Request(method: "GET", target: target, headers: headers))
    let view = (sample ?? makeSample()).view
    return PageHandler(settings, RangeRule()).page(request, viewer) { $0(view) }
  }

  private func text(of response: Response) -> String {
    guard case .bytes(let bytes) = response.body else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func page(_ target: String, as viewer: Viewer = Viewer(.administrator), _ sample: SampleView? = nil)
    throws -> String
  {
    text(of: try answer(target, [], as: viewer, sample))
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
    let request = try #require(Request(method: "GET", target: "/"))
    let view = sample.view
    let page = text(of: PageHandler(settings, RangeRule()).page(request, Viewer(.administrator)) { $0(view) })
    #expect(page.contains(">acme\u{301} (acm\u{e9})</option>"))
    #expect(page.contains("<span>acm\u{e9}</span>"))
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
    let page = text(of: PageHandler(settings, RangeRule()).page(request, Viewer(.administrator)) { $0(view) })
    #expect(page.contains("<title>Partner contribution – Acme</title>"))
    #expect(page.contains("<strong>Acme</strong><span>acme</span>"))
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
      "/", "/?partner=\(encoded)",
      "/?partner=\(encoded)&product=\(encoded)&workload=\(encoded)&country=\(encoded)&month=\(encoded)",
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
        asset?.headers.contains { $0.name == "Cache-Control" && $0.value.contains("immutable") } == true)
    }
    #expect(handler.asset(try #require(Request(method: "GET", target: "/assets/page-0.js"))) == nil)
    #expect(handler.asset(try #require(Request(method: "GET", target: "/assets/a/\(paths[0])"))) == nil)
  }

  @Test func rangesAndNumbersAreInTheLanguage() throws {
    let english = try page("/?partner=acme&lang=en")
    #expect(english.contains("$1,234"))
    #expect(english.contains("$300 to $304"))
    let french = try page("/?partner=acme&lang=fr")
    #expect(french.contains("1\u{202f}234\u{a0}$US"))
    #expect(french.contains("de 300\u{a0}$US à 304\u{a0}$US"))
    #expect(french.contains("novembre 2026"))
  }

  @Test func aPartnerIsToldWhyThereAreNoRanges() throws {
    let page = try page("/?lang=en", as: Viewer(.partner(id: "acme")))
    #expect(page.contains("Range not shown: too few partners"))
    #expect(!page.contains("$300 to"))
  }

  @Test func filtersOfferWhatThePartnerHas() throws {
    let all = try page("/?partner=acme")
    #expect(all.contains("<option value=\"x\">Product X</option>"))
    #expect(all.contains("<option value=\"FR\">France</option>"))
    #expect(!all.contains("Work W"))
    let filtered = try page("/?partner=acme&product=x")
    #expect(filtered.contains("<option value=\"w\">Work W</option>"))
    #expect(filtered.contains("<option value=\"2026-10\">October 2026</option>"))
    #expect(filtered.contains("/api/v1/partners/acme/events?product=x\""))
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
