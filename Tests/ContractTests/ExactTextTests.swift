import Contract
import Testing

@Suite struct ExactTextTests {
  private let composed = "caf\u{e9}"
  private let decomposed = "cafe\u{301}"

  @Test func textsAreEqualIfTheirBytesAre() {
    #expect(composed == decomposed)
    #expect(ExactText(composed) != ExactText(decomposed))
    #expect(ExactText(composed) == ExactText("caf" + "\u{e9}"))
    #expect(!composed.hasSameUTF8(as: decomposed))
    #expect(Set([composed, decomposed, "cafe"].map { ExactText($0) }).count == 3)
    #expect(Dictionary([(ExactText(composed), 1), (ExactText(decomposed), 2)]) { $1 }.count == 2)
  }

  @Test func theOrderIsThatOfBytes() {
    let texts = ["cafe", decomposed, "caff", composed, "\u{212a}", "K"]
    #expect(
      texts.map { ExactText($0) }.sorted().map(\.text).map { Array($0.utf8) }
        == texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(decomposed.precedes(composed) == true)
    #expect(composed.precedes(composed) == nil)
  }

  @Test func cellsAreEqualIfTheirBytesAre() {
    for change in [\Cell.product, \Cell.workload, \Cell.country] {
      var (left, right) = (
        Cell(product: "p", workload: "w", country: "FR"), Cell(product: "p", workload: "w", country: "FR")
      )
      #expect(left == right)
      #expect(left.hashValue == right.hashValue)
      (left[keyPath: change], right[keyPath: change]) = (composed, decomposed)
      #expect(left != right)
      #expect(Set([left, right]).count == 2)
    }
  }
}
