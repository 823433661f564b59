import Foundation
import Randomness
import Testing

@Suite struct ExampleTests {
  enum Arrangement: CaseIterable {
    case asTheyAre
    case shuffled
    case twice
  }

  @Test(arguments: ExampleSet.all, Arrangement.allCases)
  func resultIsExact(set: ExampleSet, arrangement: Arrangement) throws {
    var events = try set.events
    var random = SplitMix64(seed: 7)
    switch arrangement {
    case .asTheyAre: break
    case .shuffled: events.shuffle(using: &random)
    case .twice: events = (events + events).shuffled(using: &random)
    }
    let scratch = try Scratch()
    try importAndRun(events, scratch)
    #expect(try scratch.run("snapshots").output == set.expected)
  }

  @Test(arguments: ExampleSet.all, [true, false])
  func resultIsExactAfterRestarts(set: ExampleSet, keepingCheckpoints: Bool) throws {
    var random = SplitMix64(seed: 11)
    let events = try set.events.shuffled(using: &random)
    let scratch = try Scratch()
    let size = events.count / 10 + 1
    for start in stride(from: 0, to: events.count, by: size) {
      try importAndRun(events[start..<min(start + size, events.count)], scratch)
      if !keepingCheckpoints { try scratch.remove("partner-pulse.db.state") }
    }
    #expect(try scratch.run("snapshots").output == set.expected)
  }

  @Test func severalThreadsGiveTheSame() throws {
    let scratch = try Scratch()
    try scratch.run("topics", "create", "--partitions", "7")
    try importAndRun(try ExampleSet.all[1].events, scratch, "--threads", "3")
    #expect(try scratch.run("snapshots").output == ExampleSet.all[1].expected)
  }

  private func importAndRun(_ events: some Collection<Substring>, _ scratch: Scratch, _ options: String...)
    throws
  {
    let file = try scratch.write(events.joined(separator: "\n"), as: "events.ndjson")
    let imported = try scratch.run("import", file)
    #expect(imported.code == 0, "\(imported.errors)")
    let run = try CommandLineProgram.run(
      ["run", "--until-end", "--catalog", ExampleSet.catalog] + options, in: scratch)
    #expect(run.code == 0, "\(run.errors)")
  }
}
