import Foundation
import Testing

/// `explain`.
@Suite struct ExplainTests {
  private let set = ExampleSet.all[0]

  private func published() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.run("import", "-", input: try set.events.joined(separator: "\n"))
    #expect(try scratch.run("run", "--until-end", "--catalog", ExampleSet.catalog).code == 0)
    return scratch
  }

  private func run(_ arguments: [String], _ scratch: Scratch) throws -> Outcome {
    try CommandLineProgram.run(arguments, in: scratch, input: "")
  }

  private struct Answer: Decodable {
    var standing: String
    var total: [String: Int64]
    var facts: [Fact]

    struct Fact: Decodable {
      var counts: [String: Int64]
      var customer: String?
    }
  }

  private struct Line: Decodable {
    var snapshot: Snapshot

    struct Snapshot: Decodable {
      var key: String
      var components: [String: Int64]
    }
  }

  @Test func whatCountsAddsUpToTheSnapshot() throws {
    let scratch = try published()
    let lines = try scratch.run("snapshots", "--partner", "partner-101-1", "--month", "2024-05").lines
    let snapshots = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).snapshot }
    #expect(snapshots.count > 3)
    for snapshot in snapshots.prefix(6) {
      let key = snapshot.key.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let outcome = try scratch.run(
        "explain", key[0], "--product", key[1], "--workload", key[2], "--country", key[3], "--month", key[4],
        "--format", "json", "--catalog", ExampleSet.catalog)
      #expect(outcome.code == 0)
      #expect(outcome.errors == "")
      let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
      #expect(answer.standing == "published")
      #expect(answer.total == snapshot.components)
      var sum = snapshot.components.mapValues { _ in Int64(0) }
      for fact in answer.facts { sum.merge(fact.counts, uniquingKeysWith: +) }
      #expect(sum == snapshot.components)
    }
  }

  @Test func textTellsTheTotalsAndTheFacts() throws {
    let outcome = try published().run(
      "explain", "partner-101-1", "--month", "2024-05", "--indicator", "net_new_revenue", "--catalog",
      ExampleSet.catalog)
    #expect(outcome.code == 0)
    #expect(outcome.output.hasPrefix("partner-101-1 in 2024-05: all products, all countries; events up to "))
    let total = try Regex(#"(?m)^  billed_micros = \d+ \(\d+\.\d+ [A-Z]{3}\)$"#)
    #expect(outcome.output.firstMatch(of: total) != nil)
    let title = try Regex(#"(?m)^billing line: \d+ facts?\n +\d+  count$"#)
    #expect(outcome.output.firstMatch(of: title) != nil)
    #expect(outcome.output.contains("  billed_micros +"))
    #expect(!outcome.output.contains("usage"))
  }

  @Test func customersHaveSubtotals() throws {
    let scratch = try published()
    let asked = [
      "explain", "partner-101-1", "--month", "2024-05", "--indicator", "net_new_revenue", "--catalog",
      ExampleSet.catalog,
    ]
    let outcome = try run(asked, scratch)
    let line = try Regex(
      #"(?m)^by customer: \d+ customers?\n  (.+?)  billed_micros \d+, credited_micros \d+$"#)
    let match = try #require(outcome.output.firstMatch(of: line))
    let text = String(try #require(match[1].substring))
    let id = text.hasSuffix(")") ? String(text.split(separator: "(").last?.dropLast() ?? "") : text
    let alone = try run(asked + ["--customer", id, "--format", "json"], scratch)
    let answer = try JSONDecoder().decode(Answer.self, from: Data(alone.output.utf8))
    #expect(!answer.facts.isEmpty)
    #expect(answer.facts.allSatisfy { $0.customer == id })
  }

  @Test func aFactStoreExplainsAsTheLogDoes() throws {
    let scratch = try published()
    for more in [[], ["--against", "2024-03"], ["--since", "2026-01-01T00:00:00Z"]] as [[String]] {
      let asked =
        [
          "explain", "partner-101-1", "--month", "2024-05", "--format", "json", "--catalog",
          ExampleSet.catalog,
        ] + more
      let (read, found) = (try run(asked, scratch), try run(asked + ["--fact-store", "facts.db"], scratch))
      #expect(read.code == 0)
      #expect(found.code == 0)
      #expect(found.errors == "")
      #expect(found.output == read.output)
    }
    let log = try #require(try scratch.contents.first { $0.hasSuffix(".db") && $0 != "facts.db" })
    let other = try scratch.run(
      "explain", "partner-101-1", "--catalog", ExampleSet.catalog, "--fact-store", log)
    #expect(other.code == 1)
    #expect(other.errors.contains("not a fact store"))
  }

  @Test func textTellsWhyANumberChanged() throws {
    let outcome = try published().run(
      "explain", "partner-101-1", "--month", "2024-05", "--against", "2024-04", "--indicator",
      "net_new_revenue",
      "--catalog", ExampleSet.catalog)
    #expect(outcome.code == 0)
    #expect(
      outcome.output.hasPrefix(
        "partner-101-1 in 2024-05 against 2024-04: all products, all countries; events up to "))
    #expect(outcome.output.contains("  came in: credited_micros +"))
    #expect(outcome.output.contains("did not count: after this month"))
  }

  @Test func textTellsWhenANumberChanged() throws {
    let scratch = try published()
    let asked = [
      "explain", "partner-101-1", "--month", "2024-05", "--history", "--indicator", "net_new_revenue",
      "--catalog", ExampleSet.catalog,
    ]
    let outcome = try run(asked, scratch)
    #expect(outcome.code == 0)
    #expect(outcome.errors == "")
    #expect(
      outcome.output.hasPrefix(
        "partner-101-1 in 2024-05 as it became known: all products, all countries\n\nnow: published\n  billed_micros = "
      ))
    let step = try Regex(#"(?m)^in the day from \S+T00:00:00Z: not published before, published then$"#)
    #expect(outcome.output.firstMatch(of: step) != nil)
    let found = try run(asked + ["--fact-store", "facts.db"], scratch)
    #expect(found.output == outcome.output)
    let json = try run(asked + ["--by", "arrival", "--format", "json"], scratch)
    #expect(json.output.contains(#""by":"arrival","newest":{"standing":"published","value":"#))
  }

  @Test(arguments: [
    (["--history", "--against", "2024-04"], "--history excludes"), (["--by", "day"], "--by needs --history"),
    (["--history", "--by", "week"], "--by"),
    (["--against", "May"], "--against"), (["--since", "yesterday"], "--since"),
    (["--against", "2024-04", "--since", "2026-01-01T00:00:00Z"], "exclude each other"),
  ])
  func aBadComparisonNamesItself(_ options: [String], _ message: String) throws {
    let outcome = try run(["explain", "p"] + options, try Scratch())
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(message))
  }

  @Test func aSnapshotOfOtherInputIsWarnedOf() throws {
    let scratch = try Scratch()
    try scratch.run("import", "-", input: try set.events.joined(separator: "\n"))
    let outcome = try scratch.run(
      "explain", "partner-101-1", "--month", "2024-05", "--catalog", ExampleSet.catalog)
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("is published as 0"))
  }

  @Test func whatCannotBeExplainedFails() throws {
    let scratch = try Scratch()
    try scratch.run("topics", "create")
    let empty = try scratch.run("explain", "p")
    #expect(empty.code == 1)
    #expect(empty.errors.contains("no events"))
    try scratch.run("import", "-", input: try set.events.joined(separator: "\n"))
    let unknown = try scratch.run("explain", "p", "--product", "bikes")
    #expect(unknown.code == 1)
    #expect(unknown.errors.contains("'bikes'"))
  }
}
