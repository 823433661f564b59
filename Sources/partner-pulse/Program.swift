/// The program: selects the command, runs it, and reports errors.
enum Program {
  static let name = "partner-pulse"
  static let version = "0.1.0"

  static var commands: [any Command.Type] {
    [
      DemoCommand.self, TopicsCreateCommand.self, TopicsCopyCommand.self, ImportCommand.self, RunCommand.self,
      ServeCommand.self,
      SnapshotsCommand.self, ExportCommand.self, TailCommand.self, RejectedCommand.self, ExplainCommand.self,
      RecomputeCommand.self,
      RecomputeStatusCommand.self,
      RecomputeCompareCommand.self, RecomputeSwitchCommand.self, RecomputeDropCommand.self,
      GenerateCommand.self,
    ]
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
        try run(command, Array(arguments.dropFirst(command.words.count)), console)
      }
      try console.flush()
      return 0
    } catch is ClosedOutput {
      // Whoever read the output has had enough.
      return 0
    } catch let error as UsageError {
      console.complain("\(fullName): \(error)\ntry '\(fullName) --help'")
      return 2
    } catch {
      try? console.flush()
      console.complain("\(fullName): \(error)")
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
    var command = C()
    switch try OptionParser(options: C.options).parse(arguments, into: &command) {
    case .help:
      try console.print(HelpText.of(C.self))
    case .operands(let operands):
      try command.take(operands)
      try command.check()
      try command.run(console)
    }
  }
}
