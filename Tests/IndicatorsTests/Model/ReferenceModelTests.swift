import ReferenceModel
import Testing

@Suite("The reference model")
struct ReferenceModelTests {
  @Test("gives the exact results of the examples", arguments: ExampleSet.all)
  func examples(_ example: ExampleSet) throws {
    let model = ReferenceModel(catalog: try ModelCatalog(json: ExampleSet.catalog()))
    let lines = model.publication(of: try example.events()).lines
    try expectEqual(lines, example.expectedLines())
  }

  /// Compares line by line, so that a failure shows the first difference and not megabytes.
  private func expectEqual(_ lines: [String], _ expected: [String]) throws {
    #expect(lines.count == expected.count)
    for (line, expected) in zip(lines, expected) { try #require(line == expected) }
  }
}
