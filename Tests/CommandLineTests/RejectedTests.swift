import Foundation
import Testing

/// `rejected`
@Suite struct RejectedTests {
  private static let seats =
    #"{"topic":"subscriptions","timestamp":"2026-02-01T00:00:00Z","value":{"customerId":"c","subscriptionId":"s","licenseProgram":"OPEN","kind":"PAID","status":"ACTIVE","seats":"10000001","effectiveAt":"2026-01-01T00:00:00Z"}}"#
  private static let usage =
    #"{"topic":"usage-actions","timestamp":"2026-02-02T00:00:00.5Z","value":{"customerId":"é","subscriptionId":"s","occurredAt":"2026-01-01T00:00:00Z"}}"#

  private func run(_ lines: [String], in scratch: Scratch) throws {
    try scratch.run("import", "-", input: lines.joined(separator: "\n"))
    #expect(try scratch.run("run", "--until-end", "--catalog", ExampleSet.catalog).code == 0)
  }

  private func objects(_ outcome: Outcome) throws -> [[String: Any]] {
    #expect(outcome.code == 0)
    return try outcome.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func eachIsThereWithItsReasonAndAsItCame() throws {
    let scratch = try Scratch()
    try run([Self.seats, Self.usage], in: scratch)
    let events = try objects(try scratch.run("rejected"))
    #expect(events.count == 2)
    let usage = try #require(events.first { $0["topic"] as? String == "usage-actions" })
    #expect(usage["reason"] as? String == "missing_id")
    #expect(usage["offset"] as? Int == 0)
    #expect(usage["key"] as? String == "é")
    #expect(usage["timestamp"] as? String == "2026-02-02T00:00:00.500Z")
    #expect(usage["headers"] as? [String] == [])
    let value = try #require(usage["value"] as? [String: String])
    #expect(value == ["customerId": "é", "subscriptionId": "s", "occurredAt": "2026-01-01T00:00:00Z"])
    #expect(
      Set(usage.keys) == [
        "reason", "topic", "partition", "offset", "timestamp", "key", "value", "headers", "rejected",
      ])
  }

  @Test func optionsLimitTheLines() throws {
    let scratch = try Scratch()
    try run([Self.seats, Self.usage], in: scratch)
    func reasons(_ options: String...) throws -> [String?] {
      try objects(try CommandLineProgram.run(["rejected"] + options, in: scratch)).map {
        $0["reason"] as? String
      }
    }
    #expect(try reasons("--reason", "seats_out_of_range") == ["seats_out_of_range"])
    #expect(try reasons("--reason", "bad_country", "--reason", "missing_id") == ["missing_id"])
    #expect(try reasons("--reason", "text_too_long") == [])
    #expect(try reasons("--topic", "subscriptions") == ["seats_out_of_range"])
    #expect(try reasons("--topic", "subscriptions", "--reason", "missing_id") == [])
  }

  @Test func followGoesOn() throws {
    let scratch = try Scratch()
    try run([Self.seats], in: scratch)
    let following = try RunningProgram(["rejected", "--follow"], in: scratch)
    #expect(try following.wait { $0.lines.count == 1 })
    try run([Self.usage], in: scratch)
    #expect(try following.wait { $0.lines.count == 2 })
    following.kill(SIGINT)
    following.waitUntilExit()
    #expect(
      try objects(try following.outcome()).map { $0["reason"] as? String } == [
        "seats_out_of_range", "missing_id",
      ])
  }

  @Test func aLogWithoutTheTopicIsAFailure() throws {
    let outcome = try Scratch().run("rejected")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("partner-pulse.db"))
  }
}
