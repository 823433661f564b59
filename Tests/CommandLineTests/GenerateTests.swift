import Foundation
import Testing

@Suite struct GenerateTests {
  private static let size = [
    "--partners", "12", "--customers", "40", "--users", "600", "--months", "14", "--actions", "5000",
    "--until", "2026-08-20",
  ]

  private func generate(_ scratch: Scratch, _ options: [String]) throws -> Outcome {
    let outcome = try CommandLineProgram.run(["generate"] + Self.size + options, in: scratch)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return outcome
  }

  @Test func theSameOptionsMakeTheSameBytes() throws {
    let scratch = try Scratch()
    let first = try generate(scratch, ["--output", "-"])
    #expect(try generate(scratch, ["--output", "-"]).output == first.output)
    #expect(try generate(scratch, ["--output", "-", "--seed", "2"]).output != first.output)
    #expect(first.lines.count { $0.hasPrefix(#"{"topic":"usage-actions""#) } == 5000)
    // The bytes of other machines: a change of the generator shows here, and is to be meant.
    #expect(fingerprint(first.output) == 2_524_269_951_230_895_175)
  }

  @Test func everyInputTopicHasEvents() throws {
    let lines = try generate(try Scratch(), ["--output", "-"]).lines
    for topic in [
      "usage-actions", "license-assignments", "subscriptions", "billing-lines", "instances", "customers",
      "exam-passes",
      "affiliations", "partners",
    ] {
      #expect(lines.contains { $0.hasPrefix("{\"topic\":\"\(topic)\"") }, "\(topic)")
    }
  }

  @Test func everyWayInGivesTheSameResult() throws {
    let scratch = try Scratch()
    _ = try generate(scratch, ["--data", "a.db"])
    _ = try generate(scratch, ["--data", "b.db", "--interleave", "--rate", "20000"])
    _ = try generate(scratch, ["--output", "events.ndjson"])
    #expect(try scratch.run("import", "--data", "c.db", "events.ndjson").code == 0)
    let results = try ["a.db", "b.db", "c.db"].map { file in
      #expect(try scratch.run("run", "--until-end", "--data", file).code == 0)
      return try scratch.run("snapshots", "--data", file).output
    }
    #expect(results[0].split(separator: "\n").count > 1000)
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
    // All seven indicators are alive.
    for component in [
      "billed_micros", "credited_micros", "customers_added", "customers_lost", "seats_added", "seats_lost",
      "certified_individuals", "production_instances", "active_users_12_months", "active_users_month",
      "assigned_seats",
    ] {
      #expect(results[0].contains(try Regex("\"\(component)\":[1-9]")), "\(component)")
    }
  }

  @Test func interleavedEventsComeInTheOrderOfTimeButForLateOnes() throws {
    let lines = try generate(try Scratch(), ["--output", "-", "--interleave"]).lines
    let times = try lines.map { line in
      try #require(line.firstMatch(of: /"timestamp":"([^"]*)"/)).output.1
    }
    let late = zip(times, times.dropFirst()).count { $0 > $1 }
    #expect(late > 0)
    #expect(late < times.count / 5)
    #expect(times.allSatisfy { $0 < "2026-08-21" })
  }

  @Test func anInterruptionIsNoEnd() throws {
    let scratch = try Scratch()
    let running = try RunningProgram(["generate", "--rate", "50", "--output", "-"], in: scratch)
    #expect(try running.wait { !$0.output.isEmpty })
    running.kill(SIGINT)
    running.waitUntilExit()
    let outcome = try running.outcome()
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("interrupted after"), "\(outcome.errors)")
  }

  /// FNV-1a.
  private func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
