import Indicators
import Randomness
import ReferenceModel
import Testing

@Suite("The example sets, through the incremental pipeline")
struct ExampleTests {
  @Test("in the order of the file", arguments: ExampleSet.all, [1, 3, 8])
  func inOrder(_ example: ExampleSet, partitions: Int) throws {
    try check(try example.events(), example, partitions: partitions, seed: nil)
  }

  // Holds SEM-5.
  @Test("shuffled, with drains in between", arguments: ExampleSet.all, [1, 3, 8])
  func shuffled(_ example: ExampleSet, partitions: Int) throws {
    var generator = SplitMix64(seed: UInt64(partitions))
    try check(try example.events().shuffled(using: &generator), example, partitions: partitions, seed: 1)
  }

  // Holds REL-4, SEM-5.
  @Test("each event twice", arguments: ExampleSet.all, [1, 3, 8])
  func doubled(_ example: ExampleSet, partitions: Int) throws {
    var generator = SplitMix64(seed: UInt64(partitions))
    let events = try example.events()
    try check((events + events).shuffled(using: &generator), example, partitions: partitions, seed: 2)
  }

  /// With a seed, drains at a few random moments.
  private func check(_ log: [LoggedEvent], _ example: ExampleSet, partitions: Int, seed: UInt64?) throws {
    let pipeline = Pipeline(
      catalog: try Catalog(json: ExampleSet.catalog()), sources: partitions, rankings: partitions)
    var generator = SplitMix64(seed: seed ?? 0)
    for logged in log {
      #expect(pipeline.take([logged]) == [:])
      if seed != nil, Int.random(in: 0..<log.count, using: &generator) < 3 { pipeline.drain() }
    }
    pipeline.drain()
    #expect(pipeline.complaints == [])
    let lines = pipeline.published.lines
    let expected = try example.expectedLines()
    #expect(lines.count == expected.count)
    for (line, expected) in zip(lines, expected) { try #require(line == expected) }
  }
}
