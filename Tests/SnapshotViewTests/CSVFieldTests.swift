import SnapshotView
import Testing

@Suite struct CSVFieldTests {
  @Test(arguments: [
    ("", ""), ("acme", "acme"), ("a b", "a b"), ("a;b", "a;b"), ("caf\u{e9}", "caf\u{e9}"),
    ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""), ("a\nb", "\"a\nb\""),
    ("a\rb", "\"a\rb\""),
    // Of `Character`s, none of these is a quote, a comma or a line break.
    ("a\"\u{301},=1+2", "\"a\"\"\u{301},=1+2\""), ("a,\u{301}b", "\"a,\u{301}b\""),
    ("a\n\u{301}b", "\"a\n\u{301}b\""),
  ])
  func fieldsAreQuotedByTheirBytes(_ text: String, _ field: String) {
    #expect(CSVField(text).bytes == Array(field.utf8))
  }

  private static let starters = [
    "=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}", "\u{2212}", "\u{fe62}",
  ]

  @Test(arguments: starters)
  func noFieldBeginsAFormula(_ starter: String) {
    let before = [
      "", " ", "\t", "\r", "\n", "\r\n", "\u{a0}", "\u{2028}", "\u{3000}", "\u{200b}", "\u{feff}", "\u{2060}",
      "\u{301}",
      "\u{20dd}", "\u{0}", "\u{1f}", "\u{202e}", "\u{ad}", "\u{fe0f}", " \u{301}\u{feff}\n",
    ]
    for prefix in before {
      for after in ["", "1+2", "\u{301}1+2"] {
        let text = prefix + starter + after
        var field = CSVField(text).text
        if field.utf8.first == UInt8(ascii: "\"") { field = String(field.dropFirst()) }
        #expect(field.utf8.first == UInt8(ascii: "'"), "\(Array(text.unicodeScalars))")
      }
    }
  }

  @Test(arguments: ["\t", "\ra", "\na", "\t\u{301}a", "\r\n"])
  func noFieldBeginsWithAnotherCell(_ text: String) {
    #expect(CSVField(text).bytes.starts(with: "\"'".utf8) || CSVField(text).bytes.starts(with: "'".utf8))
  }

  @Test(arguments: [
    "a=1", "1-2", "'s-Hertogenbosch", "'", " a", "\u{301}a", "\u{feff}a", "_=1", "(=1)", "\u{301}",
  ])
  func otherTextsStayAsTheyAre(_ text: String) {
    #expect(CSVField(text).bytes == Array(text.utf8))
  }

  @Test func differentTextsAreDifferentFields() {
    let texts = [
      "=1", "'=1", "''=1", "'", "''", "=", "'=", " =1", "' =1", "\u{e9}", "e\u{301}", "=\u{e9}", "=e\u{301}",
    ]
    #expect(Set(texts.map { CSVField($0).bytes }).count == texts.count)
  }
}
