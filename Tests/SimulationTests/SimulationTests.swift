import Foundation
import Simulator
import Testing

@Suite("The whole program, simulated") struct SimulationTests {
  /// How many seeds to run; PARTNERPULSE_SIMULATION_SEEDS says another number.
  private static let seeds =
    ProcessInfo.processInfo.environment["PARTNERPULSE_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 300

  // Holds REL-1, REL-2, REL-3, REL-4, REL-5, REL-6, REL-7, REL-8, REL-9, REL-10, REL-11, REL-17, REL-18,
  // REL-19, REL-20, REL-22, REL-23, REL-24, REL-26, REL-27, REL-28, REL-30, REL-31, REL-32, REL-33,
  // REL-40, REL-48, REL-50.
  @Test func nothingIsLostDoubledOrTakenBack() {
    let result = Campaign().run(1...Self.seeds)
    #expect(result.runs == Self.seeds)
    // The faults leave something to be seen, and some of them must end in a refusal.
    #expect(result.seen > 100 * Self.seeds)
    #expect(result.refused > 0)
    if let first = result.failing.first {
      Issue.record("\(first)\n\(Scenario(seed: first.seed).shrunk(.nothing))")
    }
  }

  @Test(arguments: PlantedBug.all) func aPlantedBugIsFound(bug: PlantedBug) {
    #expect(bug.find() != nil, "\(bug.rule): broken, and nothing noticed")
  }

  @Test func everyCommitRuleHasAPlantedBug() {
    #expect(PlantedBug.all.count >= 12)
    #expect(Set(PlantedBug.all.map(\.name)).count == PlantedBug.all.count)
    for bug in PlantedBug.all { #expect(PlantedBug.named(bug.name)?.rule == bug.rule) }
  }

  @Test(arguments: [3, 14, 15] as [UInt64]) func aSeedTakesTheSameCourseAgain(seed: UInt64) {
    let first = Scenario(seed: seed).run()
    #expect(Scenario(seed: seed).run().traceHash == first.traceHash)
    #expect(Scenario(seed: seed + 1).run().traceHash != first.traceHash)
  }

  /// Dictionaries have another order in every process.
  @Test func aSeedTakesTheSameCourseInAnotherProcess() throws {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("simulate")
    process.arguments = ["--seeds", "20", "--seed", "1"]
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let here = Campaign().run(1...20)
    #expect(output.contains("trace \(String(here.traceHash, radix: 16));"), "\(output)")
  }

  @Test func aFailingSeedSaysHowToReplayItAndShrinks() throws {
    let bug = try #require(PlantedBug.named("records-taken-twice"))
    let found = try #require(bug.find())
    let failing = FailingSeed(seed: found.seed, failure: found.failure, planted: bug)
    #expect("\(failing)".contains("scripts/simulate --seed \(found.seed) --planted records-taken-twice"))
    let scenario = Scenario(seed: found.seed)
    let smallest = scenario.shrunk(bug.planted)
    #expect(smallest.run(bug.planted).failure != nil)
    #expect(smallest.run().failure == nil)
    #expect(smallest.actions.count * 4 < scenario.actions.count)
    #expect(smallest.events.count * 4 < scenario.events.count)
  }
}
