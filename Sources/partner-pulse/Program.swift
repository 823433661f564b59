import EventLog

/// The program: selects the command, runs it, and reports errors.
enum Program {
  static let name = "partner-pulse"
  static let version = "0.1.0"
  static let summary =
    "computes indicators of each partner's contribution from the events of its customers and people"
  static let exitStatuses = [(0, "success"), (1, "failure"), (2, "wrong usage")]

  static var commands: [any Command.Type] {
    [
      DemoCommand.self, TopicsCreateCommand.self, TopicsCopyCommand.self, ImportCommand.self, RunCommand.self,
      ServeCommand.self,
      SnapshotsCommand.self, ExportCommand.self, TailCommand.self, RejectedCommand.self, ExplainCommand.self,
      RecomputeCommand.self,
      RecomputeStatusCommand.self,
      RecomputeCompareCommand.self, RecomputeSwitchCommand.self, RecomputeDropCommand.self,
      ForgetCommand.self,
      GenerateCommand.self, ConfigCommand.self, CheckCommand.self, CompletionCommand.self, ManCommand.self,
    ]
  }

  static var checkedCommands: [any CheckedCommand.Type] {
    [RunCommand.self, RecomputeCommand.self, ServeCommand.self, ImportCommand.self]
  }

  /// Runs the program with its arguments and returns the exit status: 0 for success, 1 for failure, 2 for wrong usage.
  static func run(_ arguments: [String]) -> Int32 {
    let console = Console()
    var fullName = name
    do {
      switch arguments.first {
      case nil: throw UsageError("COMMAND is missing")
      case "--help", "-h", "help": try console.print(HelpText.overview(of: commands))
      case "--version": try console.print("\(name) \(version)\n")
      case let first? where first.hasPrefix("-"): throw UsageError("unknown option '\(first)'")
      default:
        let command = try command(arguments)
        fullName = command.fullName
        let rest = Array(arguments.dropFirst(command.words.count))
        if command == ConfigCommand.self {
          try configure(rest, console)
        } else if command == CheckCommand.self {
          try check(rest, console)
        } else {
          try run(command, rest, console)
        }
      }
      try console.flush()
      console.endLog()
      return 0
    } catch is ClosedOutput {
      // The reader of the output, such as `head`, needs no more.
      return 0
    } catch let error as UsageError {
      console.printError("\(fullName): \(error)\ntry '\(fullName) --help'")
      return 2
    } catch {
      try? console.flush()
      console.endLog()
      console.report(
        .error, plain: "\(fullName): \(error)", "\(error)", LogFields(error: (error as? LogError)?.code))
      return 1
    }
  }

  /// The command that the arguments start with.
  private static func command(_ arguments: [String]) throws(UsageError) -> any Command.Type {
    let found = commands.filter { arguments.starts(with: $0.words) }
    if let longest = found.max(by: { $0.words.count < $1.words.count }) { return longest }
    let family = commands.filter { $0.words.count > 1 && $0.words.first == arguments.first }
    guard !family.isEmpty else { throw UsageError("unknown command '\(arguments[0])'") }
    let choices = family.map { "'\($0.words.joined(separator: " "))'" }.joined(separator: ", ")
    throw UsageError("'\(arguments[0])' is not a complete command; choose one of \(choices)")
  }

  private static func run<C: Command>(_: C.Type, _ arguments: [String], _ console: Console) throws {
    switch try OptionParser(options: C.definitions).parse(arguments) {
    case .help:
      try console.print(HelpText.of(C.self))
    case .arguments(let commandLine, let operands):
      let configuration = try Configuration(commandLine, commands: commands)
      let invocation = try Invocation<C>(configuration.given(to: C.self, commandLine))
      invocation.configureLog(console)
      var command = invocation.command
      try command.take(operands)
      try command.check()
      for warning in configuration.warnings { console.log(.warning, warning) }
      try command.run(console)
    }
  }

  /// Runs `check`, whose arguments are the command line to try.
  private static func check(_ arguments: [String], _ console: Console) throws {
    let checked = checkedCommands.first { $0.words.first == arguments.first }
    if let checked { return try check(checked, Array(arguments.dropFirst()), console) }
    guard let first = arguments.first, !first.hasPrefix("-") else {
      switch try OptionParser(options: CheckCommand.definitions).parse(arguments) {
      case .help: return try console.print(HelpText.of(CheckCommand.self))
      case .arguments: throw UsageError("COMMAND is missing; it comes before the options")
      }
    }
    throw UsageError("'\(first)' is not \(CheckCommand.operandChoices.joined(separator: " or "))")
  }

  private static func check<C: CheckedCommand>(
    _: C.Type, _ arguments: [String], _ console: Console
  ) throws {
    switch try OptionParser(options: C.definitions).parse(arguments) {
    case .help: try console.print(HelpText.of(C.self))
    case .arguments(let commandLine, _):
      let configuration = try Configuration(commandLine, commands: commands)
      let invocation = try Invocation<C>(configuration.given(to: C.self, commandLine))
      invocation.configureLog(console)
      let command = invocation.command
      try command.check()
      for warning in configuration.warnings { console.log(.warning, warning) }
      try CheckCommand.check(command, console)
    }
  }

  /// Runs `config`, whose arguments are a command line to show the options of.
  private static func configure(_ arguments: [String], _ console: Console) throws {
    guard let first = arguments.first, !first.hasPrefix("-") else {
      switch try OptionParser(options: ConfigCommand.definitions).parse(arguments) {
      case .help: try console.print(HelpText.of(ConfigCommand.self))
      case .arguments(let commandLine, let operands):
        if let operand = operands.first { throw UsageError("COMMAND comes before the options: '\(operand)'") }
        let configuration = try Configuration(commandLine, commands: commands)
        for warning in configuration.warnings { console.log(.warning, warning) }
        try ConfigCommand.show(configuration, console)
      }
      return
    }
    let command = try command(arguments)
    try configure(command, Array(arguments.dropFirst(command.words.count)), console)
  }

  private static func configure<C: Command>(_: C.Type, _ arguments: [String], _ console: Console) throws {
    switch try OptionParser(options: C.definitions).parse(arguments) {
    case .help: try console.print(HelpText.of(C.self))
    case .arguments(let commandLine, _):
      let configuration = try Configuration(commandLine, commands: commands)
      for warning in configuration.warnings { console.log(.warning, warning) }
      try ConfigCommand.show(C.self, configuration.given(to: C.self, commandLine), console)
    }
  }
}
