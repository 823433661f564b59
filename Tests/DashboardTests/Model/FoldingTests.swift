import Dashboard
import Testing

@Suite struct FoldingTests {
  @Test(arguments: [
    ("Acme", "acme"), ("Société Générale", "societe generale"), ("SOCIE\u{301}TE\u{301}", "societe"),
    ("Straße", "strasse"), ("Œuvre Æther", "oeuvre aether"), ("Łódź Øresund", "lodz oresund"),
    ("Việt Nam", "viet nam"), ("Ἀθῆναι", "αθηναι"), ("Йод", "иод"), ("İstanbul ılık", "istanbul ilik"),
    ("上海", "上海"), ("شَرِكَة", "شركة"), ("", ""), ("a_B-9", "a_b-9"),
  ])
  func caseAndMarksDoNotMatter(_ text: String, _ folded: String) {
    #expect(String(decoding: Folding.bytes(text), as: UTF8.self) == folded)
  }

  @Test(arguments: [
    ("société générale", "GENE", true), ("société", "e t", false), ("aab", "ab", true), ("ab", "abc", false),
    ("", "", true), ("", "a", false), ("上海云", "海", true),
  ])
  func aPartIsFound(_ whole: String, _ part: String, _ isFound: Bool) {
    #expect(Folding.contains(Folding.bytes(whole), Folding.bytes(part)) == isFound)
  }
}
