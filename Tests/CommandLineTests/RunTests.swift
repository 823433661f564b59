import Foundation
import Testing

@Suite struct RunTests {
  @Test(arguments: [["run"], ["snapshots"], ["tail"]])
  func aMissingLogIsNamedAndNotMade(command: [String]) throws {
    let scratch = try Scratch()
    let outcome = try CommandLineProgram.run(command + ["--data", "missing.db"], in: scratch)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("missing.db"))
    #expect(try scratch.contents == [])
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func aSignalStopsIt(signal: Int32) throws {
    let scratch = try Scratch()
    try scratch.run("topics", "create")
    let running = try RunningProgram(["run"], in: scratch)
    #expect(try running.wait { $0.errors.contains("aggregating partner-pulse.db") })
    running.kill(signal)
    running.waitUntilExit()
    let outcome = try running.outcome()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output == "")
  }

  @Test func aStateDirectoryServesOneProcess() throws {
    let scratch = try Scratch()
    try scratch.run("topics", "create")
    let first = try RunningProgram(["run", "--state-dir", "state"], in: scratch)
    #expect(try first.wait { $0.errors.contains("aggregating partner-pulse.db") })
    let second = try scratch.run("run", "--until-end", "--state-dir", "state")
    #expect(second.code == 1)
    #expect(second.errors.contains("in use"), "\(second.errors)")
  }

  @Test(arguments: [("{", "not valid JSON"), (#"{"products":[]}"#, "missing")])
  func aBadCatalogIsExplained(json: String, reason: String) throws {
    let scratch = try Scratch()
    try scratch.run("topics", "create")
    let file = try scratch.write(json, as: "catalog.json")
    let outcome = try scratch.run("run", "--until-end", "--catalog", file)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("catalog.json"))
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test func topicsAreMadeOnce() throws {
    let scratch = try Scratch()
    #expect(try scratch.run("topics", "create", "--partitions", "3").code == 0)
    #expect(try scratch.run("topics", "create", "--partitions", "3").code == 0)
    let other = try scratch.run("topics", "create", "--partitions", "4")
    #expect(other.code == 1)
    #expect(other.errors.contains("3 partitions, not 4"), "\(other.errors)")
  }

  @Test func anEmptyLogHasAnEmptyResult() throws {
    let scratch = try Scratch()
    try scratch.run("topics", "create")
    #expect(try scratch.run("run", "--until-end").code == 0)
    let result = try scratch.run("snapshots")
    #expect(result.code == 0)
    #expect(result.output == "")
  }
}
