import Dashboard
import Testing

@Suite struct IsolationTests {
  @Test func onlyWhatRunsTheOtherWayIsIsolated() {
    for text in ["Acme", "Société", "上海云科技", "", "a-1"] { #expect(text.isolated == text) }
    for text in ["شركة النور", "חברה", "Acme شركة"] { #expect(text.isolated == "\u{2068}\(text)\u{2069}") }
  }

  @Test func nothingTurnsWhatFollows() {
    #expect("a\u{202e}b\u{2069}".isolated == "ab")
    #expect("\u{200f}ש\u{2068}".isolated == "\u{2068}ש\u{2069}")
  }
}
