import Dashboard
import Testing

@Suite struct HTMLTests {
  @Test func textIsEscaped() {
    #expect(HTML(text: "<b>&\"'").markup == "&lt;b&gt;&amp;&quot;&#39;")
    let element = HTML("p", ["title": "\"><script>alert(1)</script>"]) { "</p><script>" }
    #expect(
      element.markup
        == "<p title=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">&lt;/p&gt;&lt;script&gt;</p>")
  }

  @Test func controlCharactersAreReplaced() {
    #expect(HTML(text: "a\u{0}\u{1b}b\n\tc\u{7f}é").markup == "a\u{fffd}\u{fffd}b\n\tc\u{fffd}é")
  }

  @Test func attributesAreLeftOutOrFlags() {
    #expect(
      HTML.void("input", ["name": "a", "disabled": "", "value": nil]).markup == "<input name=\"a\" disabled>")
  }

  @Test func partsAreKnownByTheirContent() {
    func part(_ text: String) -> HTML { HTML("p", ["data-part": text]) { text } }
    let page = HTML.document(
      HTML("main") {
        part("a")
        HTML("div", ["data-part": "b"]) { part("c") }
        HTML("p") { "d" }
      })
    #expect(
      page.parts.map(\.markup) == [
        "<p data-part=\"a\">a</p>", "<div data-part=\"b\"><p data-part=\"c\">c</p></div>",
      ])
    #expect(page.parts[0].version == part("a").parts[0].version)
    #expect(page.parts[0].version != part("b").parts[0].version)
    #expect(page.parts[0].version.utf8.count == 12)
  }

  @Test func piecesComeInOrder() {
    let isThere = true
    let list = HTML("ul", ["class": "x"]) {
      for item in ["a", "b"] { HTML("li", [:]) { item } }
      if isThere { "&" } else { "nothing" }
    }
    #expect(list.markup == "<ul class=\"x\"><li>a</li><li>b</li>&amp;</ul>")
    #expect(HTML.document(list).markup.hasPrefix("<!doctype html>\n<ul"))
  }
}
