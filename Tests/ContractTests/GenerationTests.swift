import Contract
import Testing

@Suite struct GenerationTests {
  @Test func theFirstHasPlainNames() {
    for topic in Topic.allCases { #expect(topic.name(in: .first) == topic.name) }
  }

  @Test func othersHaveOutputsOfTheirOwn() {
    let names = Topic.allCases.map { $0.name(in: Generation.first.next) }
    #expect(names.filter { $0.hasSuffix(".2") }.count == Topic.ofGeneration.count)
    #expect(Topic.indicatorScales.name(in: Generation.first.next) == "indicator-scales.2")
    #expect(Topic.customers.name(in: Generation.first.next) == "customers")
    #expect(Topic.generations.name(in: Generation.first.next) == "generations")
  }

  @Test(arguments: [0, 1_000_000_000, .max]) func anotherNumberIsNone(number: UInt32) {
    #expect(Generation(number) == nil)
  }

  @Test func theyAreInOrder() {
    #expect(Generation.first < Generation.first.next)
    #expect(Generation(2) == Generation.first.next)
  }
}
