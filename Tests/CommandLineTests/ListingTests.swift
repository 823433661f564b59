import Foundation
import Testing

/// `snapshots` and `tail`.
@Suite struct ListingTests {
  private let set = ExampleSet.all[0]

  private func published() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.run("import", "-", input: try set.events.joined(separator: "\n"))
    #expect(try scratch.run("run", "--until-end", "--catalog", ExampleSet.catalog).code == 0)
    return scratch
  }

  @Test(arguments: [
    (["--month", "2024-05"], #"\|2024-05"$"#),
    (["--partner", "partner-101-1"], #"^"snapshot":\{"key":"partner-101-1\|"#),
    (
      ["--product", "business-central", "--workload", ""], #"(^|\|)("scale":\{"key":")?business-central\|\|"#
    ),
    (["--product", "", "--workload", "", "--country", "BE"], #"("|\|)\|\|BE\|"#),
    (
      ["--partner", "partner-101-1", "--month", "2024-05", "--country", ""],
      #"^"snapshot":\{"key":"partner-101-1\|.*\|\|2024-05"$"#
    ),
  ])
  func optionsLimitTheLines(options: [String], keyPattern: String) throws {
    let scratch = try published()
    let pattern = try Regex(keyPattern)
    // From the kind of the line to the end of its key.
    let expected = try set.expected.split(separator: "\n").filter { line in
      let end = line.firstRange(of: "\",\"")?.lowerBound ?? line.endIndex
      return line[..<end].dropFirst().appending("\"").firstMatch(of: pattern) != nil
    }
    #expect(!expected.isEmpty)
    #expect(try CommandLineProgram.run(["snapshots"] + options, in: scratch).lines == expected)
  }

  @Test func anUnknownPartnerHasNoLines() throws {
    #expect(try published().run("snapshots", "--partner", "nobody").output == "")
  }

  @Test func tailFromTheBeginningShowsAllAndEndsOnASignal() throws {
    let scratch = try published()
    let count = try set.expected.split(separator: "\n").count
    let tail = try RunningProgram(["tail", "--from-beginning"], in: scratch)
    #expect(try tail.wait { $0.lines.count == count })
    tail.kill(SIGINT)
    tail.waitUntilExit()
    let outcome = try tail.outcome()
    #expect(outcome.code == 0)
    // What is published, without where it is, is what the listing shows.
    let bodies = outcome.lines.map { line in
      line[..<(line.range(of: #","partition":"#)?.lowerBound ?? line.endIndex)] + "}"
    }
    #expect(try bodies.sorted() == set.expected.split(separator: "\n").sorted())
    let place = try Regex(#","partition":\d,"offset":\d+,"timestamp":"[-0-9T:.]+Z"\}$"#)
    #expect(outcome.lines.allSatisfy { $0.firstMatch(of: place) != nil })
  }

  @Test func tailShowsWhatComesAndWhatGoes() throws {
    let scratch = try published()
    let tail = try RunningProgram(["tail", "--partner", "partner-101-1"], in: scratch)
    // It starts at the end: what comes before it has started is none of its business.
    usleep(1_000_000)
    #expect(try tail.outcome().output == "")
    let leaving =
      #"{"topic":"partners","value":{"partnerId":"partner-101-1","name":"n","country":"FR","effectiveAt":"2023-01-01T00:00:00Z","revision":"99"}}"#
    try scratch.run("import", "-", input: leaving)
    #expect(try scratch.run("run", "--until-end", "--catalog", ExampleSet.catalog).code == 0)
    let removed = try set.expected.split(separator: "\n").count { $0.contains(#""key":"partner-101-1|"#) }
    #expect(removed > 0)
    #expect(try tail.wait { $0.lines.count == removed })
    tail.kill(SIGTERM)
    tail.waitUntilExit()
    let pattern = try Regex(
      #"^\{"removed":\{"key":"partner-101-1\|[^"]*","topic":"indicator-snapshots"\},"partition":"#)
    #expect(try tail.outcome().lines.allSatisfy { $0.firstMatch(of: pattern) != nil })
    #expect(try scratch.run("snapshots", "--partner", "partner-101-1").output == "")
  }

  @Test(arguments: ["snapshots", "tail --from-beginning"])
  func aReaderThatGoesAwayEndsItQuietly(command: String) throws {
    let scratch = try published()
    let shell = Process()
    let errors = Pipe()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = [
      "-c", "set -o pipefail; '\(CommandLineProgram.url.path)' \(command) | head -n 1 > first.txt",
    ]
    shell.currentDirectoryURL = scratch.url
    shell.standardError = errors
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(errors.fileHandleForReading.availableData.isEmpty)
    let first = try String(contentsOf: scratch.url.appendingPathComponent("first.txt"), encoding: .utf8)
    #expect(first.hasPrefix("{\"snapshot\""))
  }
}
