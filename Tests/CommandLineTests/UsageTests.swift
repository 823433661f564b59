import Foundation
import Testing

@Suite struct UsageTests {
  static let commands: [[String]] = [
    ["demo"], ["topics", "create"], ["import"], ["run"], ["serve"], ["snapshots"],
    ["tail"], ["rejected"], ["explain"], ["recompute"], ["recompute", "status"], ["recompute", "compare"],
    ["recompute", "switch"],
    ["recompute", "drop"], ["generate"],
  ]

  @Test(arguments: commands)
  func helpNamesTheOptions(command: [String]) throws {
    let scratch = try Scratch()
    let help = try CommandLineProgram.run(command + ["--help"], in: scratch)
    #expect(help.code == 0)
    #expect(help.output.hasPrefix("usage: partner-pulse \(command.joined(separator: " "))"))
    #expect(help.output.contains("--data FILE.db"))
    #expect(help.errors == "")
    #expect(help.lines.allSatisfy { $0.count <= 110 })
  }

  @Test func overviewNamesTheCommands() throws {
    let help = try Scratch().run("--help")
    #expect(help.code == 0)
    for command in Self.commands + [["config"], ["check"], ["completion"], ["man"]] {
      #expect(help.output.contains("  \(command.joined(separator: " ")) "))
    }
  }

  @Test func versionIsPrinted() throws {
    let version = try Scratch().run("--version")
    #expect(version.code == 0)
    #expect(version.output.hasPrefix("partner-pulse "))
  }

  /// What is wrong, and what the message must name.
  static let mistakes: [(arguments: [String], named: String)] = [
    ([], "COMMAND is missing"),
    (["fly"], "'fly'"),
    (["--fly"], "'--fly'"),
    (["topics"], "'topics create'"),
    (["topics", "destroy"], "'topics create'"),
    (["run", "--fly"], "'--fly'"),
    (["run", "-x"], "'-x'"),
    (["run", "--until-end=yes"], "'--until-end' takes no value"),
    (["run", "--until-end", "now"], "'now'"),
    (
      ["rejected", "--reason", "no_reason"],
      "'no_reason' is not a reason for rejection (unknown_schema, not_decodable, wrong_partition"
    ),
    (["rejected", "--topic", "rejected-events"], "'rejected-events' is not an input topic (usage-actions"),
    (["rejected", "--follow=yes"], "'--follow' takes no value"),
    (["run", "--threads"], "'--threads' needs a value"),
    (["run", "--threads", "0"], "'0'"),
    (["run", "--threads", "two"], "'two'"),
    (["run", "--checkpoint-interval", "-1"], "'-1'"),
    (["run", "--checkpoint-interval", "nan"], "'nan'"),
    (["run", "--state-dir", ""], "--state-dir"),
    (["run", "--data", "a.db", "--bootstrap-servers", "b:1"], "--bootstrap-servers and --data"),
    (["run", "--bootstrap-servers", "b"], "'b'"),
    (["run", "--bootstrap-servers", "b:1,:2"], "'b:1,:2'"),
    (["run", "--bootstrap-servers", "b:70000"], "'b:70000'"),
    (["run", "--kafka-property", "a=b"], "--kafka-property needs --bootstrap-servers"),
    (["run", "--topic-prefix", "p."], "--topic-prefix needs --bootstrap-servers"),
    (["run", "--bootstrap-servers", "b:1", "--kafka-property", "a"], "'a'"),
    (["run", "--bootstrap-servers", "b:1", "--kafka-property", "no.such=1"], "no.such"),
    (["run", "--bootstrap-servers", "b:1", "--kafka-property", "acks=1"], "acks"),
    (["import"], "FILE"),
    (["snapshots", "--month", "2026-13"], "'2026-13'"),
    (["explain"], "PARTNER"),
    (["explain", ""], "PARTNER"),
    (["explain", "p", "q"], "'q'"),
    (["explain", "p", "--month", "2026-13"], "'2026-13'"),
    (["explain", "p", "--workload", "w"], "--workload needs --product"),
    (["explain", "p", "--indicator", "profit"], "'profit'"),
    (["explain", "p", "--format", "xml"], "'xml'"),
    (["snapshots", "--month", "2026-1"], "'2026-1'"),
    (["snapshots", "--country", "fr"], "'fr'"),
    (["snapshots", "--format", "xls"], "'xls' is not csv or ndjson"),
    (["export"], "--sqlite is missing"),
    (["run", "--output-format", "avro"], "'avro' is not one of protobuf, json, confluent, confluent-json"),
    (["run", "--output-format", "confluent"], "--output-format confluent needs --schema-registry"),
    (["recompute", "--schema-registry", "http://a?b"], "'http://a?b' is not an http or https address"),
    (["snapshots", "partner"], "'partner'"),
    (["tail", "--partner", ""], "--partner"),
    (["topics", "create", "--partitions", "5000"], "'5000'"),
    (["run", "--generation", "0"], "'0'"),
    (["recompute", "--generation", "two"], "'two'"),
    (["recompute", "--fly"], "'--fly'"),
    (["recompute", "back"], "'back'"),
    (["recompute", "compare", "--catalog", "c.json"], "'--catalog'"),
    (["recompute", "switch", "2"], "'2'"),
    (["recompute", "drop"], "--generation"),
    (["generate", "--until", "2026-02-30"], "'2026-02-30'"),
    (["generate", "--until", "2999-01-01"], "--until: the date must be in the past"),
    (["generate", "--actions", "-5"], "'-5'"),
    (["generate", "--rate", "0"], "'0'"),
    (["generate", "--output", "-", "--data", "a.db"], "--output"),
    (["demo", "--rate", "x"], "'x'"),
    (["demo", "--listen", "0.0.0.0:80"], "0.0.0.0:80"),
    (["run", "--metrics", "9090"], "'9090'"),
    (["serve", "--listen", "example.com:80"], "'example.com:80'"),
    (["serve", "--listen", "0.0.0.0:8080"], "0.0.0.0:8080"),
    (["serve", "--listen", "[::]:8080"], "[::]:8080"),
    (["serve", "--host", "portal.example"], "--host"),
    (["serve", "--jwks", "keys.json"], "--issuer and --audience"),
    (["serve", "--issuer", "portal"], "--jwks"),
    (["serve", "--minimum-partners", "0"], "'0'"),
    (["serve", "--jwks-url", "http://issuer.example/keys"], "--jwks-url: 'http://issuer.example/keys'"),
    (["serve", "--jwks-url", "file:///keys"], "--jwks-url"),
    (["serve", "--jwks-url", "https://issuer.example/keys"], "--issuer and --audience"),
    (["serve", "--jwks", "a.json", "--jwks-url", "https://issuer.example/keys"], "--jwks and --jwks-url"),
    (["serve", "--jwks-ca", "ca.pem"], "--jwks-ca"),
    (["serve", "--frame-ancestors", "*"], "--frame-ancestors: '*'"),
    (["serve", "--cors-origin", "https://portal.example/"], "--cors-origin: 'https://portal.example/'"),
    (["serve", "--cors-origin", "https://portal.example"], "--jwks"),
    (["serve", "--sign-in-url", "javascript:alert(1)"], "--sign-in-url: 'javascript:alert(1)'"),
    (["serve", "--sign-in-url", "https://portal.example"], "--jwks"),
    (["serve", "--client-streams", "0"], "--client-streams: '0'"),
    (["serve", "--client-connections", "x"], "--client-connections: 'x'"),
    (["serve", "--client-explanations", "17"], "--client-explanations: '17'"),
    (["serve", "--access-log", ""], "--access-log"),
    (["config", "fly"], "'fly'"),
    (["config", "--fly"], "'--fly'"),
    (["config", "run", "--threads", "0"], "--threads: '0'"),
    (["check"], "COMMAND is missing"),
    (["check", "tail"], "'tail' is not run or recompute or serve or import"),
    (["check", "serve", "--jwks", "keys.json"], "--issuer and --audience"),
    (["completion"], "SHELL is missing"),
    (["completion", "tcsh"], "'tcsh' is not bash, zsh or fish"),
    (["man", "fly"], "'fly'"),
    (["man", "run", "--output", "pages"], "--output"),
  ]

  @Test(arguments: mistakes)
  func wrongUsageIsNamedAndTouchesNothing(arguments: [String], named: String) throws {
    let scratch = try Scratch()
    let outcome = try CommandLineProgram.run(arguments, in: scratch)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(named), "\(outcome.errors)")
    #expect(outcome.errors.contains("--help"))
    #expect(outcome.output == "")
    #expect(try scratch.contents == [])
  }

  @Test func namesMayBeShortenedAndOptionsStandAnywhere() throws {
    let scratch = try Scratch()
    let file = try scratch.write("", as: "-odd.ndjson")
    #expect(try scratch.run("import", "--dat=x.db", "--", file).code == 0)
    #expect(try scratch.run("topics", "create", "--part", "4", "--data", "x.db").code == 0)
    let ambiguous = try scratch.run("tail", "--p")
    #expect(ambiguous.code == 2)
  }
}
