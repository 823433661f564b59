import Foundation
import Testing

@Suite struct DemoTests {
  @Test func barsMoveUntilItIsStopped() throws {
    let scratch = try Scratch()
    let demo = try RunningProgram(["demo", "--rate", "200"], in: scratch)
    // A star marks a value that has changed since the table before.
    #expect(try demo.wait { $0.output.contains("*") && $0.output.contains("█") })
    demo.kill(SIGINT)
    demo.waitUntilExit()
    let outcome = try demo.outcome()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("MAU/seat"))
  }

  @Test func aDemoStartsAnew() throws {
    let scratch = try Scratch()
    for _ in 1...2 {
      let demo = try RunningProgram(["demo"], in: scratch)
      #expect(try demo.wait { $0.output.contains("█") })
      // As from a terminal and a supervisor at once; what is being written is finished all the same.
      demo.kill(SIGINT)
      demo.kill(SIGTERM)
      demo.waitUntilExit()
      let outcome = try demo.outcome()
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(!outcome.errors.contains("checkpoint"), "\(outcome.errors)")
      #expect(
        FileManager.default.fileExists(
          atPath: scratch.url.path + "/partner-pulse-demo.db.state/entity-0.checkpoint"))
    }
  }

  @Test func aFileOfTheUsersIsNotReplaced() throws {
    let scratch = try Scratch()
    let file = try scratch.write("precious", as: "mine.db")
    let outcome = try scratch.run("demo", "--data", file)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("mine.db"))
    #expect(try scratch.contents == ["mine.db"])
  }
}
