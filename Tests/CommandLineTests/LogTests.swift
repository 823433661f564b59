import Foundation
import Testing

/// The messages on standard error.
@Suite struct LogTests {
  private struct Line: Decodable {
    var time: String
    var level: String
    var message: String
    var group: String?
    var task: Int?
    var file: String?
    var line: Int?
    var error: String?
  }

  /// Runs the program as other programs do: with nothing that says how it is to log.
  private func run(_ arguments: String..., in scratch: Scratch, input: String = "") throws -> Outcome {
    try CommandLineProgram.run(
      arguments, in: scratch, input: input, environment: ["PARTNER_PULSE_LOG_FORMAT": ""])
  }

  private func lines(_ outcome: Outcome) throws -> [Line] {
    try outcome.errors.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  @Test func isJSONWhereNobodyWatches() throws {
    let scratch = try Scratch()
    let made = try lines(try run("topics", "create", in: scratch))
    #expect(made.map(\.level) == ["info"])
    #expect(made[0].message == "14 topics with 4 partitions each")
    #expect(made[0].time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
  }

  @Test func hasTheFormAndTheLevelThatAreAskedFor() throws {
    let scratch = try Scratch()
    let text = try run("topics", "create", "--log-format", "text", in: scratch)
    #expect(
      text.errors.wholeMatch(of: /\S+Z INFO  14 topics with 4 partitions each\n/) != nil, "\(text.errors)")
    #expect(try run("topics", "create", "--log-level", "warning", in: scratch).errors == "")
    #expect(try run("topics", "create", "--log-level", "debug", in: scratch).code == 2)
    let failed = try lines(try run("run", "--data", "none.db", "--log-level", "error", in: scratch))
    #expect(failed.map(\.level) == ["error"] && failed[0].message.contains("none.db"))
  }

  @Test func namesTheLineOfAFile() throws {
    let scratch = try Scratch()
    let file = try scratch.write("\nnothing\n", as: "e.ndjson")
    let outcome = try run("import", file, in: scratch)
    #expect(outcome.code == 1)
    let lines = try lines(outcome)
    #expect(lines.map(\.level) == ["error", "info", "error"])
    #expect(lines[0].file == "e.ndjson" && lines[0].line == 2)
    #expect(lines[2].message == "1 invalid line skipped")
  }

  @Test func namesGroupAndTask() throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      try #require(ExampleSet.all.first).events.joined(separator: "\n") + "\n", as: "e.ndjson")
    #expect(try run("import", file, in: scratch).code == 0)
    #expect(try run("run", "--until-end", "--catalog", ExampleSet.catalog, in: scratch).code == 0)
    let again = try lines(
      try run("run", "--until-end", "--catalog", ExampleSet.catalog, in: scratch))
    let restored = again.filter { $0.message.contains("is restored from") }
    #expect(Set(restored.map(\.group)) == ["partner-pulse-entity", "partner-pulse-ranking"])
    #expect(Set(restored.map(\.task)) == [0, 1, 2, 3])
    // One that is damaged is named likewise.
    let state = scratch.url.appendingPathComponent("partner-pulse.db.state")
    for name in try FileManager.default.contentsOfDirectory(atPath: state.path)
    where name.hasSuffix(".checkpoint") {
      try Data("damaged".utf8).write(to: state.appendingPathComponent(name))
    }
    let damaged = try lines(
      try run("run", "--until-end", "--catalog", ExampleSet.catalog, in: scratch))
    let warnings = damaged.filter { $0.level == "warning" && $0.message.contains("is not used") }
    #expect(Set(warnings.map(\.task)) == [0, 1, 2, 3], "\(damaged)")
  }

  @Test func wrongUsageIsText() throws {
    let outcome = try run("run", "--fly", "--log-format", "json", in: try Scratch())
    #expect(outcome.errors == "partner-pulse run: unknown option '--fly'\ntry 'partner-pulse run --help'\n")
  }
}
