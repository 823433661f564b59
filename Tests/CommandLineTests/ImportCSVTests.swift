import Contract
import Foundation
import Testing

@Suite struct ImportCSVTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A file of `examples/import`, by its path.
  private func example(_ name: String) -> String {
    Self.root.appendingPathComponent("examples/import/\(name)").path
  }

  private func expected(_ name: String) throws -> String {
    try String(
      contentsOf: Self.root.appendingPathComponent("Tests/Fixtures/import/\(name).ndjson"), encoding: .utf8)
  }

  /// A topic, the files in `examples/import`, and how many rows the mapping leaves out and the file repeats.
  static let examples: [(topic: String, file: String, mapping: String, note: String)] = [
    (
      "billing-lines", "billing", "billing",
      "; 1 row left out by the mapping; 1 row with the same event as another"
    ),
    ("customers", "billing", "customers", "; 3 rows with the same event as another"),
    ("billing-lines", "license-based-invoice", "license-based-invoice", ""),
    ("subscriptions", "subscriptions", "subscriptions", "; 1 row left out by the mapping"),
    ("license-assignments", "license-report", "license-report", "; 1 row left out by the mapping"),
    ("exam-passes", "exams", "exams", "; 1 row left out by the mapping"),
  ]

  @Test(arguments: examples)
  func examplesBecomeTheEventsThatTheyAreMeantToBe(
    topic: String, file: String, mapping: String, note: String
  ) throws {
    let scratch = try Scratch()
    let arguments = [
      "import", "--csv", "\(topic)=\(example("\(file).csv"))", "--map", example("\(mapping).map.json"),
    ]
    let dry = try CommandLineProgram.run(arguments + ["--dry-run"], in: scratch)
    let wanted = try expected(mapping)
    let count = wanted.split(separator: "\n").count
    #expect(dry.code == 0, "\(dry.errors)")
    #expect(dry.output == wanted.split(separator: "\n").prefix(3).map { "\($0)\n" }.joined())
    #expect(
      dry.errors.contains(
        "\(count) event\(count == 1 ? "" : "s") would be imported\(note); nothing was written"))
    #expect(try scratch.contents.isEmpty)

    // Twice, which changes nothing.
    for _ in 0..<2 {
      let outcome = try CommandLineProgram.run(arguments, in: scratch)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.errors.contains("\(count) event\(count == 1 ? "" : "s") imported\(note)"), "\(outcome.errors)"
      )
      #expect(outcome.output == "")
    }
    let direct = try Scratch()
    #expect(try direct.run("import", "-", input: wanted).code == 0)
    let once = try LogContents.records(of: try #require(Topic(name: topic)), in: direct)
    #expect(once.count == count)
    #expect(try LogContents.records(of: try #require(Topic(name: topic)), in: scratch) == once)
  }

  /// Everything together gives numbers.
  @Test func examplesMakeAResult() throws {
    let scratch = try Scratch()
    let partner =
      #"{"topic":"partners","value":{"partnerId":"1234567","country":"FR","accounts":["CSP"],"effectiveAt":"2020-01-01T00:00:00Z"}}"#
    let affiliation =
      #"{"topic":"affiliations","value":{"personId":"4711","partnerId":"1234567","country":"FR","effectiveAt":"2020-01-01T00:00:00Z"}}"#
    #expect(try scratch.run("import", "-", input: "\(partner)\n\(affiliation)\n").code == 0)
    for (topic, file, mapping, _) in Self.examples {
      let outcome = try scratch.run(
        "import", "--csv", "\(topic)=\(example("\(file).csv"))", "--map", example("\(mapping).map.json"))
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let file = try scratch.write(
      #"{"reportingCurrency":"EUR","excludedPartnerCountries":[],"products":[{"id":"customer-engagement","name":"CE","workloads":[{"id":"sales","name":"Sales","exams":["MB-210","MB-910"]}]},{"id":"finance-operations","name":"FO","workloads":[{"id":"finance","name":"Finance","exams":[]}]}]}"#,
      as: "catalog.json")
    #expect(try scratch.run("run", "--until-end", "--catalog", file).code == 0)
    #expect(try scratch.run("rejected").output == "")
    let result = try scratch.run(
      "snapshots", "--month", "2026-11", "--product", "customer-engagement", "--workload", "", "--country", ""
    )
    // 1,748.00 - 84.5806, and the one seat of the license report.
    #expect(result.output.contains(#""value":1663.4194"#), "\(result.output)")
    #expect(result.output.contains(#""assigned_seats":1"#), "\(result.output)")
    #expect(result.output.contains(#""certified_individuals":1"#), "\(result.output)")
  }

  private static let mapping = #"{"fields":{"customerId":"Id","name":"Name","effectiveAt":"Since"}}"#

  @Test func badRowsAreReportedByLineColumnAndValueAndTheRestGoesIn() throws {
    let scratch = try Scratch()
    let map = try scratch.write(Self.mapping, as: "map.json")
    let file = try scratch.write(
      "Id,Name,Since\na,\"x\ny\",2026-01-01\nb,,2026-01-01\nc,z,yesterday\nd,z\ne,w,2026-01-01\na,q,2026-01-01\n\"f\"g,z,2026-01-01\n",
      as: "c.csv")
    let outcome = try scratch.run("import", "--csv", "customers=\(file)", "--map", map)
    #expect(outcome.code == 1)
    for sentence in [
      #"c.csv:4: column "Name": "": the cell is empty, and the mapping has no "default" for it"#,
      #"c.csv:5: column "Since": "yesterday": it is not a time as in "RFC 3339" or "yyyy-MM-dd""#,
      "c.csv:6: the row has 2 fields, the header has 3",
      "c.csv:8: it contradicts line 2: the same customerId, effectiveAt, revision, but other values",
      "c.csv:9: text after the closing quote of field 1", "2 events imported", "5 invalid lines skipped",
    ] {
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
    #expect(try LogContents.records(of: .customers, in: scratch).count == 2)
  }

  /// Exit status 2, and no log.
  @Test(
    arguments: [
      (
        #"{"fields":{"customerId":"Idd","name":"Name","effectiveAt":"Since"}}"#,
        #"map.json does not suit c.csv: fields.customerId: there is no column "Idd"; the nearest is "Id""#
      ),
      (
        #"{"fields":{"customerId":"Id","nmae":"Name"}}"#,
        #"map.json: fields.nmae: customers has no such field; the nearest is "name""#
      ),
      (#"{"fields":{"customerId":"Id"}"#, "map.json: truncated at byte"),
      (
        #"{"skip":[{"column":"Sinc","is":"x"}],"fields":{"customerId":"Id"}}"#,
        #"skip[0]: there is no column "Sinc"; the nearest is "Since""#
      ),
    ])
  func aBadMappingIsNamedBeforeALogIsTouched(mapping: String, reason: String) throws {
    let scratch = try Scratch()
    _ = try scratch.write(mapping, as: "map.json")
    _ = try scratch.write("Id,Name,Since\n", as: "c.csv")
    let outcome = try scratch.run("import", "--csv", "customers=c.csv", "--map", "map.json")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(try scratch.contents == ["c.csv", "map.json"])
  }

  @Test(
    arguments: [
      (
        ["--csv", "clients=c.csv", "--map", "m"],
        "--csv: 'clients=c.csv' is not TOPIC=FILE, with one of usage-actions, "
      ),
      (
        ["--csv", "indicator-scales=c.csv", "--map", "m"], "--csv: 'indicator-scales=c.csv' is not TOPIC=FILE"
      ),
      (["--csv", "customers=c.csv"], "1 --csv and 0 --map: give one for each, or one for all"),
      (["--map", "m", "e.ndjson"], "--map needs --csv"),
      (["--csv", "customers=-", "--map", "m", "-"], "standard input can be read once only"),
      ([], "FILE is missing"),
    ] as [([String], String)])
  func badOptionsAreNamed(arguments: [String], reason: String) throws {
    let scratch = try Scratch()
    let outcome = try CommandLineProgram.run(["import"] + arguments, in: scratch)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(try scratch.contents.isEmpty)
  }

  @Test func aDryRunShowsTheFirstRefusalsAlone() throws {
    let scratch = try Scratch()
    let map = try scratch.write(Self.mapping, as: "map.json")
    let rows = (0..<30).map { "c\($0),n,\($0 < 25 ? "never" : "2026-01-01")\n" }
    let file = try scratch.write("Id,Name,Since\n" + rows.joined(), as: "c.csv")
    let outcome = try scratch.run("import", "--dry-run", "--csv", "customers=\(file)", "--map", map)
    #expect(outcome.code == 1)
    #expect(outcome.errors.split(separator: "\n").count { $0.contains("never") } == 20)
    #expect(outcome.errors.contains("c.csv: 5 more are invalid"))
    #expect(outcome.errors.contains("5 events would be imported"))
    #expect(outcome.lines.count == 3)
    #expect(try scratch.contents == ["c.csv", "map.json"])
  }

  @Test func gzipAndStandardInput() throws {
    let scratch = try Scratch()
    let map = try scratch.write(Self.mapping, as: "map.json")
    // By another implementation of the format.
    let events = try scratch.write(
      (0..<5000).map {
        #"{"topic":"customers","value":{"customerId":"e\#($0)","effectiveAt":"2026-01-01T00:00:00Z"}}"#
      }
      .joined(separator: "\n"), as: "e.ndjson")
    _ = try scratch.write("Id,Name,Since\na,b,2026-01-01\n", as: "c.csv")
    for file in [events, "c.csv"] { try gzip(scratch.url.appendingPathComponent(file)) }
    let whole = try scratch.run("import", "e.ndjson.gz", "--csv", "customers=c.csv.gz", "--map", map)
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(whole.errors.contains("5001 events imported"))
    let piped = try scratch.run(
      "import", "--csv", "customers=-", "--map", map, input: "Id,Name,Since\nz,b,2026-01-01\n")
    #expect(piped.code == 0, "\(piped.errors)")

    let url = scratch.url.appendingPathComponent("e.ndjson.gz")
    try Data(contentsOf: url).dropLast(1000).write(to: scratch.url.appendingPathComponent("half.gz"))
    let half = try scratch.run("import", "half.gz")
    #expect(half.code == 1)
    #expect(
      half.errors.contains("half.gz: the gzip data ends early: the file is not whole"), "\(half.errors)")
    #expect(half.errors.contains("1 file skipped"))
  }

  private func gzip(_ file: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = [file.path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
