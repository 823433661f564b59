import Foundation
import Testing

@Suite struct RecomputeTests {
  private let scratch: Scratch

  /// A log with the result of a set of events, generation 1.
  init() throws {
    scratch = try Scratch()
    try scratch.run("topics", "create", "--partitions", "2")
    try add(ExampleSet.all[0])
    try run(in: 1)
  }

  private func add(_ set: ExampleSet) throws {
    let file = try scratch.write(set.events.joined(separator: "\n"), as: "events.ndjson")
    try #require(try scratch.run("import", file).code == 0)
  }

  private func run(in generation: Int) throws {
    let outcome = try scratch.run(
      "run", "--until-end", "--catalog", ExampleSet.catalog, "--generation", String(generation))
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  private func recompute(_ options: String...) throws -> Outcome {
    try CommandLineProgram.run(
      ["recompute", "--until-end", "--catalog", ExampleSet.catalog] + options, in: scratch)
  }

  private func snapshots(_ options: String...) throws -> String {
    try CommandLineProgram.run(["snapshots"] + options, in: scratch).output
  }

  private func served() throws -> [String] {
    try scratch.run("recompute", "status").lines.filter { $0.contains(#""served":true"#) }
      .map { String($0.prefix { $0 != "," }) }
  }

  @Test func theSameEventsGiveTheSameResultInAnotherGeneration() throws {
    let outcome = try recompute("--compare")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("0 of "))
    #expect(outcome.errors.contains("generation 2 is served"))
    #expect(try served() == [#"{"generation":2"#])
    #expect(try snapshots() == ExampleSet.all[0].expected)
    #expect(try snapshots("--generation", "1") == ExampleSet.all[0].expected)
  }

  @Test func bothGoOnByThemselves() throws {
    try #require(try recompute("--no-switch").code == 0)
    try add(ExampleSet.all[1])
    try run(in: 2)
    try run(in: 1)
    let outcome = try scratch.run("recompute", "compare")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try snapshots() == snapshots("--generation", "2"))
  }

  @Test func anotherCatalogDiffersAndIsNotSwitchedTo() throws {
    let outcome = try scratch.run("recompute", "--until-end", "--compare")
    #expect(outcome.code == 1)
    #expect(outcome.lines.allSatisfy { $0.contains(#""served":"#) && $0.contains(#""recomputed":"#) })
    #expect(outcome.lines.count > 0)
    #expect(outcome.errors.contains("not switched; use"))
    #expect(try served() == [#"{"generation":1"#])
    let again = try scratch.run("recompute", "compare")
    #expect(again.code == 1)
    #expect(again.output == outcome.output)
    // It goes on under its own catalog only.
    let mixed = try recompute()
    #expect(mixed.code == 1)
    #expect(mixed.errors.contains("was computed with catalog "), "\(mixed.errors)")
  }

  @Test func oneThatWasInterruptedGoesOn() throws {
    #expect(try recompute("--no-switch").errors.contains("recomputing"))
    try add(ExampleSet.all[1])
    let second = try recompute()
    #expect(second.errors.contains("resuming"))
    #expect(second.errors.contains("generation 2 is served"), "\(second.errors)")
    // Once more under its number, as a supervisor does, is no new one.
    #expect(try recompute("--generation", "2").code == 0)
    #expect(try served() == [#"{"generation":2"#])
  }

  @Test func readersCanGoBackUntilItIsDropped() throws {
    try #require(try recompute().code == 0)
    try add(ExampleSet.all[1])
    let behind = try scratch.run("recompute", "switch", "--generation", "1")
    #expect(behind.code == 1)
    #expect(behind.errors.contains("lags behind the input"), "\(behind.errors)")
    try run(in: 1)
    #expect(try scratch.run("recompute", "switch", "--generation", "1").code == 0)
    #expect(try served() == [#"{"generation":1"#])
    let refused = try scratch.run("recompute", "drop", "--generation", "1")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("is served"))
    for _ in 1...2 { #expect(try scratch.run("recompute", "drop", "--generation", "2").code == 0) }
    #expect(try scratch.run("recompute", "status").lines.count == 1)
    #expect(try scratch.run("snapshots", "--generation", "2").code == 1)
    // Its number is not used again.
    #expect(try recompute().errors.contains("as generation 3"))
  }

  @Test func oneThatIsComputedIsNotDropped() throws {
    let running = try RunningProgram(
      ["recompute", "--no-switch", "--catalog", ExampleSet.catalog], in: scratch)
    #expect(try running.wait { $0.errors.contains("has caught up") })
    let refused = try scratch.run("recompute", "drop", "--generation", "2")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("stop its processes first"), "\(refused.errors)")
    let twice = try scratch.run(
      "recompute", "--no-switch", "--state-dir", "other", "--catalog", ExampleSet.catalog)
    #expect(twice.code == 1)
    #expect(twice.errors.contains("is in use by process"), "\(twice.errors)")
    running.kill(SIGTERM)
    running.waitUntilExit()
    #expect(try running.outcome().code == 0)
    let dropped = try scratch.run("recompute", "drop", "--generation", "2")
    #expect(dropped.code == 0, "\(dropped.errors)")
  }
}
