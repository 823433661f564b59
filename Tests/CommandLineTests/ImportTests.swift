import Foundation
import Testing

@Suite struct ImportTests {
  private static let customer =
    #"{"topic":"customers","value":{"customerId":"c","country":"FR","effectiveAt":"2026-01-01T00:00:00Z","revision":"1"}}"#

  /// A bad line, and what must be said about it.
  static let badLines: [(line: String, reason: String)] = [
    ("{", "truncated at byte 2"),
    ("oops", "malformed JSON at byte 0"),
    ("[]", "JSON value of the wrong type"),
    (#"{"topic":"customers"}"#, #"no "value""#),
    (#"{"value":{"customerId":"c"}}"#, #"no "topic""#),
    (#"{"topic":"clients","value":{}}"#, #""clients" is no input topic"#),
    (#"{"topic":"indicator-scales","value":{}}"#, #""indicator-scales" is no input topic"#),
    (#"{"topic":"customers","value":{"country":"FR"}}"#, "no key"),
    (#"{"topic":"customers","value":{"customerId":7}}"#, "JSON value of the wrong type"),
    (#"{"topic":"customers","value":"c"}"#, "JSON value of the wrong type"),
    (#"{"topic":"customers","value":{"customerId":"c"},"value":{}}"#, #""value" is given twice"#),
    (#"{"topic":"customers","value":{"customerId":"c"}} {}"#, "malformed JSON"),
    (#"{"topic":"customers","value":{"customerId":"c"},"timestamp":"yesterday"}"#, #""yesterday""#),
    (#"{"topic":"subscriptions","value":{"customerId":"c","kind":"GIFT"}}"#, "unknown enum name"),
  ]

  @Test(arguments: badLines)
  func badLineIsReportedAndTheRestGoesIn(line: String, reason: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write("\(Self.customer)\n\n\(line)\r\n  \n\(Self.customer)", as: "e.ndjson")
    let outcome = try scratch.run("import", file)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("e.ndjson:3: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(outcome.errors.contains("2 events imported"))
    #expect(outcome.output == "")
  }

  @Test func bytesThatAreNoTextAreABadLine() throws {
    let scratch = try Scratch()
    var bytes = Data(#"{"topic":"customers","value":{"customerId":""#.utf8)
    bytes += [0xff, 0xfe] + Data("\"}}\n\(Self.customer)\n".utf8)
    try bytes.write(to: scratch.url.appendingPathComponent("e.ndjson"))
    let outcome = try scratch.run("import", "e.ndjson")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("e.ndjson:1: invalid UTF-8"))
    #expect(outcome.errors.contains("1 event imported"))
  }

  @Test func standardInputAndSeveralFiles() throws {
    let scratch = try Scratch()
    let events = try ExampleSet.all[0].events
    let first = try scratch.write(events[..<300].joined(separator: "\n"), as: "1.ndjson")
    let third = try scratch.write(events[600...].joined(separator: "\n"), as: "3.ndjson")
    let outcome = try scratch.run(
      "import", first, "-", third, input: events[300..<600].joined(separator: "\n"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    try scratch.run("run", "--until-end", "--catalog", ExampleSet.catalog)
    #expect(try scratch.run("snapshots").output == ExampleSet.all[0].expected)
  }

  @Test func aMissingFileIsNamedBeforeAnythingGoesIn() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Self.customer, as: "e.ndjson")
    let outcome = try scratch.run("import", file, "missing.ndjson")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("missing.ndjson"))
    #expect(try scratch.contents == ["e.ndjson"])
  }

  @Test func whatIsNoLogIsLeftAlone() throws {
    let scratch = try Scratch()
    let file = try scratch.write("just a text that somebody wrote", as: "notes.txt")
    let outcome = try scratch.run("import", "--data", file, "-", input: Self.customer)
    #expect(outcome.code == 1)
    #expect(
      try String(contentsOf: scratch.url.appendingPathComponent(file), encoding: .utf8).hasPrefix(
        "just a text"))
  }

  @Test func aLineLongerThanAnyBufferGoesIn() throws {
    let scratch = try Scratch()
    let long = Self.customer.replacingOccurrences(
      of: #""revision""#, with: #""name":"\#(String(repeating: "x", count: 3 << 20))","revision""#)
    let outcome = try scratch.run("import", "-", input: "\(Self.customer)\n\(long)\n\(Self.customer)\n")
    #expect(outcome.code == 0, "\(outcome.errors.prefix(500))")
    #expect(outcome.errors.contains("3 events imported"))
  }

  /// An event more than a day after its record's own time is refused, so a record's time shows in the result.
  @Test(arguments: [("2026-01-01T10:00:00Z", true), ("2025-12-30T10:00:00Z", false)])
  func timestampIsTheRecords(timestamp: String, counts: Bool) throws {
    let scratch = try Scratch()
    let events = [
      #"{"topic":"partners","value":{"partnerId":"p","country":"FR","accounts":["CSP"],"effectiveAt":"2025-01-01T00:00:00Z"}}"#,
      #"{"topic":"affiliations","value":{"personId":"x","partnerId":"p","country":"FR","effectiveAt":"2025-01-01T00:00:00Z"}}"#,
      #"{"timestamp":"\#(timestamp)","topic":"exam-passes","value":{"personId":"x","exam":"MB-800","passedAt":"2026-01-01T00:00:00Z"}}"#,
    ]
    #expect(try scratch.run("import", "-", input: events.joined(separator: "\n")).code == 0)
    #expect(try scratch.run("run", "--until-end").code == 0)
    let result = try scratch.run("snapshots", "--month", "2026-01")
    #expect(result.output.contains(#""certified_individuals":1"#) == counts)
  }
}
