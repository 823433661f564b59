import Platform

/// `config`
struct ConfigCommand: Command {
  static let words = ["config"]
  static let summary = "print the options in effect, and where each was set"
  static let operands = "[COMMAND [OPTION…]]"
  static let description = """
    Prints the options that COMMAND would run with, given these options, each with the place where its value
    was set; passwords and other secrets are hidden. Without COMMAND it prints what the file and the
    environment set for any command. Exits with status 2 if a value is wrong. No log is opened.

    An option is set, in this order of precedence:
      1. on the command line: --state-dir /srv/state
      2. by an environment variable: PARTNER_PULSE_STATE_DIR=/srv/state
      3. in the section of its command in the file that --config or PARTNER_PULSE_CONFIG names
      4. above all sections of that file, for all commands that have the option

    The file has a line for each option; [COMMAND] begins a section; # begins a line of comment:
      bootstrap-servers = broker-1:9092,broker-2:9092
      kafka-property = security.protocol=SASL_SSL
      kafka-property = sasl.password=secret
      [serve]
      listen = 0.0.0.0:8080
      [topics create]
      partitions = 8

    In the file and in variables, options without a value are set to true or false, and a repeatable option
    has a line for each value. A place of higher precedence replaces all values of a repeatable option, but of
    --kafka-property only those with the same keys. An empty variable sets nothing. --data also replaces
    --bootstrap-servers that was set in a place of lower precedence, and the other way around.
    """
  static var options: [Option<Self>] { [] }

  func run(_ console: Console) throws {}
}

extension ConfigCommand {
  /// Prints the options in effect for a command.
  static func show<C: Command>(_: C.Type, _ given: [GivenValue], _ console: Console) throws {
    let definitions = C.definitions
    // Before anything is printed: throws for an invalid value.
    let invocation = try Invocation<C>(given)
    let effective = given.effective(definitions)
    var lines: [(setting: String, place: String)] = []
    for definition in definitions {
      let values = effective.filter { $0.option == definition.name }
      lines += values.map {
        ("\(definition.name) = \(Secret.masking($0.text, of: definition))", "\($0.place)")
      }
      guard values.isEmpty else { continue }
      switch definition.kind {
      case .flag: lines.append(("\(definition.name) = false", "default"))
      case .value, .list, .table:
        lines.append(
          definition.defaultText.map { ("\(definition.name) = \($0)", "default") }
            ?? ("# \(definition.name)", "not set"))
      }
    }
    try print(lines, console)
    try console.flush()
    try invocation.command.check()
  }

  /// Prints what the file and the environment set for any command.
  static func show(_ configuration: Configuration, _ console: Console) throws {
    let known = configuration.commands.flatMap { $0.definitions }
    func setting(_ value: GivenValue) -> (setting: String, place: String) {
      let shown = known.first { $0.name == value.option }.map { Secret.masking(value.text, of: $0) }
      return ("\(value.option) = \(shown ?? Secret.mask)", "\(value.place)")
    }
    var lines: [(setting: String, place: String)] = []
    var names: Set<String> = []
    let distinct = known.filter { names.insert($0.name).inserted }
    for value in configuration.environment.given(distinct) {
      if let mistake = configuration.commands.lazy.compactMap({ $0.mistake(in: value) }).first {
        throw mistake
      }
      lines.append(setting(value))
    }
    var command: String?
    if let file = configuration.file {
      for entry in file.entries {
        if entry.command != command {
          command = entry.command
          lines.append(("[\(entry.command ?? "")]", ""))
        }
        lines.append(setting(file.value(entry)))
      }
    }
    try print(lines, console)
  }

  private static func print(_ lines: [(setting: String, place: String)], _ console: Console) throws {
    let width = lines.map(\.setting.count).filter { $0 <= 60 }.max() ?? 0
    for line in lines {
      let padding = String(repeating: " ", count: max(0, width - line.setting.count))
      try console.print(
        line.place.isEmpty ? "\(line.setting)\n" : "\(line.setting)\(padding)  # \(line.place)\n")
    }
  }
}
