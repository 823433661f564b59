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
    (#"{"topic":"customers"}"#, #""value" is missing"#),
    (#"{"value":{"customerId":"c"}}"#, #""topic" is missing"#),
    (#"{"topic":"clients","value":{}}"#, #""clients" is not an input topic"#),
    (#"{"topic":"indicator-scales","value":{}}"#, #""indicator-scales" is not an input topic"#),
    (#"{"topic":"customers","value":{"country":"FR"}}"#, #"key field "customerId" is missing"#),
    (#"{"topic":"customers","value":{"customerId":7}}"#, "JSON value of the wrong type"),
    (#"{"topic":"customers","value":"c"}"#, "JSON value of the wrong type"),
    (#"{"topic":"customers","value":{"customerId":"c"},"value":{}}"#, #""value" is given more than once"#),
    (#"{"topic":"customers","value":{"customerId":"c"}} {}"#, "malformed JSON"),
    (#"{"topic":"customers","value":{"customerId":"c"},"timestamp":"yesterday"}"#, #""yesterday""#),
    (#"{"topic":"subscriptions","value":{"customerId":"c","kind":"GIFT"}}"#, "unknown enum name"),
    (
      #"{"topic":"customers","value":{"customerId":"c"},"timestamp":"1969-12-31T23:59:59Z"}"#,
      #""1969-12-31T23:59:59Z" is before 1970"#
    ),
    (
      #"{"topic":"customers","value":{"customerId":"c"},"timestamp":"2999-01-01T00:00:00Z"}"#,
      "60 minutes ahead of this machine's clock (INVALID_TIMESTAMP)"
    ),
    // Where in the line it is, in bytes, and in which field.
    (
      #"{"topic":"customers","value":{"name":"é","effectiveAt":"2026-11-05t00:00:00Z"}}"#,
      "malformed timestamp at byte 57, in value.effectiveAt"
    ),
    (#"{"topic":"partners","value":{"accounts":["CSP", "X"]}}"#, "at byte 49, in value.accounts[1]"),
    (#"{"value":{"customerId":7},"topic":"customers"}"#, "at byte 23, in value.customerId"),
    (
      #"{"topic":"customers","value":{"customerId":"c","customer_id":"d"}}"#,
      "at byte 48, in value.customer_id"
    ),
    (#"{"topic":"clients","value":{}}"#, #""clients" is not an input topic at byte 10, in topic"#),
    (#"{"topic":"customers","value":{"country":"FR"}}"#, #"key field "customerId" is missing"#),
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

  @Test func unknownFieldsAreCountedAndTheNearestNameIsSaid() throws {
    let scratch = try Scratch()
    let line = #"{"topic":"customers","timestmp":1,"value":{"customerId":"c","contry":"FR","crm":{"a":[1]}}}"#
    let file = try scratch.write(
      "\(line)\n\(line)\n\(Self.customer)\n" + line.replacingOccurrences(of: "customerId", with: "x"),
      as: "e.ndjson")
    let outcome = try scratch.run("import", file)
    #expect(outcome.code == 1)
    let warnings = outcome.errors.split(separator: "\n").filter { $0.contains("WARN") }
    #expect(warnings.count == 3, "\(outcome.errors)")
    // What was not taken is not counted.
    for sentence in [
      #""contry" of customers is an unknown field and was ignored, 2 times; the nearest known one is "country""#,
      #""timestmp" of the line is an unknown field and was ignored, 2 times; the nearest known one is "#
        + #""timestamp""#,
    ] {
      #expect(warnings.contains { $0.contains(sentence) }, "\(outcome.errors)")
    }
    #expect(
      warnings.contains { $0.hasSuffix(#""crm" of customers is an unknown field and was ignored, 2 times"#) })
    #expect(outcome.errors.contains("3 events imported"))
  }

  @Test func strictRefusesUnknownFields() throws {
    let scratch = try Scratch()
    let lines = [
      Self.customer,
      #"{"topic":"customers","value":{"customerId":"c","contry":"FR"}}"#,
      #"{"topic":"customers","value":{"customerId":"c"},"source":"crm"}"#,
    ]
    let outcome = try scratch.run("import", "--strict", "-", input: lines.joined(separator: "\n"))
    #expect(outcome.code == 1)
    #expect(
      outcome.errors.contains(
        #"standard input:2: unknown field "contry" (the nearest known one is "country") at byte 48, in value.contry"#
      ))
    #expect(outcome.errors.contains(#"standard input:3: unknown field "source" at byte 49, in source"#))
    #expect(outcome.errors.contains("1 event imported"))
    #expect(outcome.errors.contains("2 invalid lines skipped"))
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    let scratch = try Scratch()
    let file = try scratch.write("\u{feff}\(Self.customer)\n", as: "e.ndjson")
    #expect(try scratch.run("import", file).code == 0)
  }

  /// One message for such a file, however many lines it seems to have, and the other files go in.
  @Test(arguments: [
    (Data([0x28, 0xb5, 0x2f, 0xfd]), "zstd-compressed; use `zstdcat … | partner-pulse import -`"),
    (Data([0xff, 0xfe]), "UTF-16 text; use `iconv"),
    (Data([0x7b, 0]), "UTF-16LE text; use `iconv"),
  ])
  func aFileThatIsNoTextIsNamed(start: Data, name: String) throws {
    let scratch = try Scratch()
    try (start + Data("\n\(Self.customer)\n\n\n".utf8)).write(to: scratch.url.appendingPathComponent("a"))
    let file = try scratch.write(Self.customer, as: "e.ndjson")
    let outcome = try scratch.run("import", "a", file)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("a: this is \(name)"), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 3, "\(outcome.errors)")
    #expect(outcome.errors.contains("1 event imported"))
    #expect(outcome.errors.contains("1 file skipped"))
  }

  @Test func aLineHasTheNumberThatItHasInItsFile() throws {
    let scratch = try Scratch()
    let first = try scratch.write("\(Self.customer)\noops\n", as: "1.ndjson")
    let second = try scratch.write("\n\noops", as: "2.ndjson")
    let outcome = try scratch.run("import", first, second, first)
    let places = outcome.errors.split(separator: "\n").filter { $0.contains("malformed") }
    #expect(places.map { $0.prefix(10) } == ["1.ndjson:2", "2.ndjson:3", "1.ndjson:2"])
  }
}
