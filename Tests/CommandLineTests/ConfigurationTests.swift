import Foundation
import Testing

@Suite struct ConfigurationTests {
  /// Runs the program with this text as partner-pulse.conf.
  private func run(
    _ arguments: [String], file: String? = nil, environment: [String: String] = [:],
    in scratch: Scratch? = nil
  ) throws -> Outcome {
    let scratch = try scratch ?? Scratch()
    var arguments = arguments
    if let file { arguments += ["--config", try scratch.write(file, as: "partner-pulse.conf")] }
    return try CommandLineProgram.run(
      arguments, in: scratch, environment: environment.merging(["PARTNER_PULSE_LOG_FORMAT": ""]) { $1 })
  }

  /// The lines of `config`, without those that only say what is not set.
  private func settings(_ outcome: Outcome) -> [String: String] {
    var settings: [String: String] = [:]
    for line in outcome.lines {
      let parts = line.components(separatedBy: "  # ")
      if parts.count == 2 { settings[parts[0].trimmingCharacters(in: .whitespaces)] = parts[1] }
    }
    return settings
  }

  @Test func theNearestPlaceWins() throws {
    let file = """
      # of all commands
      threads = 2
      application = everybody
      checkpoint-interval = 20
      [run]
      application = runs
      threads = 3
      state-dir = below
      """
    let environment = ["PARTNER_PULSE_THREADS": "4", "PARTNER_PULSE_STATE_DIR": "around"]
    let outcome = try run(
      ["config", "run", "--state-dir", "here"], file: file, environment: environment)
    #expect(outcome.code == 0)
    #expect(outcome.errors == "")
    let settings = settings(outcome)
    #expect(settings["state-dir = here"] == "command line")
    #expect(settings["threads = 4"] == "PARTNER_PULSE_THREADS")
    #expect(settings["application = runs"] == "partner-pulse.conf:6")
    #expect(settings["checkpoint-interval = 20"] == "partner-pulse.conf:4")
    #expect(settings["data = partner-pulse.db"] == "default")
    #expect(settings["until-end = false"] == "default")
    #expect(settings["# generation"] == "not set")
    // Another command does not see the section.
    let other = self.settings(try run(["config", "recompute"], file: file, environment: environment))
    #expect(other["application = everybody"] == "partner-pulse.conf:3")
    #expect(other["state-dir = around"] == "PARTNER_PULSE_STATE_DIR")
  }

  @Test func commandsWorkWithWhatIsSet() throws {
    let scratch = try Scratch()
    let file = try scratch.write("data = a.db\n[topics create]\r\n partitions=\t3 \r\n", as: "p.conf")
    let made = try CommandLineProgram.run(
      ["topics", "create"], in: scratch, environment: ["PARTNER_PULSE_CONFIG": file])
    #expect(made.code == 0)
    #expect(made.errors.contains("14 topics with 3 partitions each"))
    #expect(try scratch.contents.contains("a.db"))
    // The command line's file is read instead, and an empty variable is as good as none.
    let other = try scratch.write("data = b.db\n", as: "q.conf")
    let environment = ["PARTNER_PULSE_CONFIG": file, "PARTNER_PULSE_DATA": ""]
    #expect(
      try CommandLineProgram.run(
        ["topics", "create", "--config", other], in: scratch, environment: environment
      ).code == 0)
    #expect(try scratch.contents.contains("b.db"))
  }

  @Test func flagsAreTrueOrFalse() throws {
    let file = "until-end = true\n"
    #expect(settings(try run(["config", "run"], file: file))["until-end = true"] == "partner-pulse.conf:1")
    let off = try run(["config", "run"], file: file, environment: ["PARTNER_PULSE_UNTIL_END": "false"])
    #expect(settings(off)["until-end = false"] == "PARTNER_PULSE_UNTIL_END")
    let on = try run(
      ["config", "run", "--until-end"], file: file, environment: ["PARTNER_PULSE_UNTIL_END": "false"])
    #expect(settings(on)["until-end = true"] == "command line")
  }

  @Test func listsAreReplacedAndTablesAreMerged() throws {
    let file = """
      bootstrap-servers = b:1
      kafka-property = sasl.username=me
      kafka-property = session.timeout.ms=30000
      [tail]
      partner = a
      partner = b
      """
    let settings = settings(
      try run(
        ["config", "tail", "--kafka-property", "client.id=x"], file: file,
        environment: [
          "PARTNER_PULSE_KAFKA_PROPERTY": "session.timeout.ms=10000\n\nsasl.password=se=cret\n",
          "PARTNER_PULSE_PARTNER": "c\nd",
        ]))
    #expect(settings["kafka-property = sasl.username=me"] == "partner-pulse.conf:2")
    #expect(settings["kafka-property = session.timeout.ms=10000"] == "PARTNER_PULSE_KAFKA_PROPERTY")
    #expect(settings["kafka-property = session.timeout.ms=30000"] == nil)
    #expect(settings["kafka-property = client.id=x"] == "command line")
    #expect(
      settings["partner = c"] != nil && settings["partner = d"] != nil && settings["partner = a"] == nil)
  }

  @Test func aLogIsMeantInsteadOfOneThatIsSetFurtherAway() throws {
    let file = "bootstrap-servers = b:1\ntopic-prefix = p.\nkafka-property = client.id=x\n"
    let outcome = try run(["config", "run", "--data", "a.db"], file: file)
    #expect(outcome.code == 0)
    #expect(settings(outcome)["data = a.db"] == "command line")
    #expect(settings(outcome)["# topic-prefix"] == "not set")
    #expect(!outcome.output.contains("b:1") && !outcome.output.contains("client.id"))
    let back = try run(
      ["config", "run", "--bootstrap-servers", "c:1"], environment: ["PARTNER_PULSE_DATA": "a.db"])
    #expect(back.code == 0 && !back.output.contains("a.db"))
    // In one place they contradict each other.
    let both = try run(["config", "run"], file: file + "data = a.db\n")
    #expect(both.code == 2 && both.errors.contains("--bootstrap-servers and --data"))
  }

  @Test func secretsAreHidden() throws {
    let file = """
      bootstrap-servers = b:1
      kafka-property = sasl.password=tiger
      kafka-property = ssl.key.password=tiger
      kafka-property = sasl.oauthbearer.client.secret=tiger
      kafka-property = sasl.oauthbearer.token.endpoint.url=https://user:tiger@issuer.example/token
      kafka-property = sasl.username=scott
      """
    let environment = ["PARTNER_PULSE_KAFKA_PROPERTY": "ssl.key.pem=tiger"]
    for arguments in [["config"], ["config", "run"], ["config", "serve"]] {
      let outcome = try run(arguments, file: file, environment: environment)
      #expect(outcome.code == 0)
      #expect(!outcome.output.contains("tiger"))
      #expect(outcome.output.contains("kafka-property = sasl.password=(hidden)"))
      #expect(outcome.output.contains("https://user:(hidden)@issuer.example/token"))
      #expect(outcome.output.contains("kafka-property = sasl.username=scott"))
    }
  }

  @Test func withoutACommandAllThatIsSetIsListed() throws {
    let outcome = try run(
      ["config"], file: "threads = 2\n[serve]\nlisten = 127.0.0.1:1\n",
      environment: ["PARTNER_PULSE_STATE_DIR": "s", "PARTNER_PULSE_CONFIG": "other.conf"])
    #expect(outcome.code == 0)
    #expect(
      outcome.lines.map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
        == [
          "config = other.conf # PARTNER_PULSE_CONFIG", "state-dir = s # PARTNER_PULSE_STATE_DIR",
          "threads = 2 # partner-pulse.conf:1", "[serve]", "listen = 127.0.0.1:1 # partner-pulse.conf:3",
        ])
    #expect(try run(["config"], environment: ["PARTNER_PULSE_THREADS": "0"]).code == 2)
  }

  /// A file, and what the message must name.
  static let mistakes: [(file: String, named: String)] = [
    ("threds = 2", "partner-pulse.conf:1: unknown option 'threds'; did you mean 'threads'?"),
    ("\n[run]\nlisten = 127.0.0.1:1", "partner-pulse.conf:3: unknown option 'listen' of 'run'"),
    ("[runs]\nthreads = 2", "partner-pulse.conf:2: unknown command 'runs'; did you mean 'run'?"),
    ("[run", "partner-pulse.conf:1: a section"),
    ("threads", "partner-pulse.conf:1: 'threads' is not of the form NAME = VALUE"),
    ("= 2", "partner-pulse.conf:1: unknown option ''"),
    ("# x\nthreads = many", "partner-pulse.conf:2: threads: 'many' is not a whole number"),
    ("threads = 1\nthreads = 2", "partner-pulse.conf:2: threads is already in line 1"),
    ("until-end = yes", "partner-pulse.conf:1: until-end: 'yes' is not true or false"),
    ("bootstrap-servers = b:1\nkafka-property = a", "partner-pulse.conf:2: kafka-property: 'a'"),
    ("config = other", "partner-pulse.conf:1: a file cannot name another one"),
    ("data = a\u{1}b", "partner-pulse.conf:1: the line has a control character"),
    // Of a command that is not run.
    ("[serve]\nlisten = nowhere", "partner-pulse.conf:2: listen: 'nowhere'"),
  ]

  @Test(arguments: mistakes)
  func aMistakeInTheFileIsNamedAndTouchesNothing(file: String, named: String) throws {
    for command in [["run"], ["config"], ["config", "run"]] {
      let scratch = try Scratch()
      let outcome = try run(command, file: file, in: scratch)
      #expect(outcome.code == 2)
      #expect(outcome.errors.contains(named), "\(outcome.errors)")
      #expect(outcome.output == "")
      #expect(try scratch.contents == ["partner-pulse.conf"])
    }
  }

  @Test func aMistakeInTheEnvironmentIsNamedAndTouchesNothing() throws {
    for (name, value, named) in [
      ("THREADS", "0", "PARTNER_PULSE_THREADS: '0'"),
      ("UNTIL_END", "1", "PARTNER_PULSE_UNTIL_END: '1' is not true or false"),
      ("CONFIG", "absent.conf", "absent.conf cannot be read"), ("CONFIG", ".", ". cannot be read"),
    ] {
      let scratch = try Scratch()
      let outcome = try run(["run"], environment: ["PARTNER_PULSE_\(name)": value], in: scratch)
      #expect(outcome.code == 2)
      #expect(outcome.errors.contains(named), "\(outcome.errors)")
      #expect(try scratch.contents == [])
    }
    // It concerns no other command.
    #expect(try run(["snapshots", "--help"], environment: ["PARTNER_PULSE_THREADS": "0"]).code == 0)
    #expect(try run(["config", "snapshots"], environment: ["PARTNER_PULSE_THREADS": "0"]).code == 0)
  }

  @Test func aWrongFileIsNotReadAsOne() throws {
    let scratch = try Scratch()
    let file = scratch.url.appendingPathComponent("binary.conf")
    try Data([0x64, 0xff, 0x0a]).write(to: file)
    let outcome = try CommandLineProgram.run(["run", "--config", "binary.conf"], in: scratch)
    #expect(outcome.code == 2 && outcome.errors.contains("binary.conf:1: the line is not UTF-8"))
    try Data(repeating: 0x23, count: 2 << 20).write(to: file)
    #expect(try CommandLineProgram.run(["run", "--config", "binary.conf"], in: scratch).code == 2)
  }

  @Test func anUnknownVariableIsWarnedOf() throws {
    let scratch = try Scratch()
    try scratch.run("topics", "create", "--data", "a.db")
    let outcome = try run(
      ["snapshots", "--data", "a.db"],
      environment: ["PARTNER_PULSE_THREDS": "2", "PARTNER_PULSE_WEB_PORT": "tcp://10.0.0.1:80"], in: scratch)
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("PARTNER_PULSE_THREDS; did you mean PARTNER_PULSE_THREADS?"))
    #expect(outcome.errors.contains("PARTNER_PULSE_WEB_PORT"))
  }
}
