import Platform

/// `check`
struct CheckCommand: Command {
  static let words = ["check"]
  static let summary = "try a configuration without running the command or changing anything"
  static let operands = "COMMAND [OPTION…]"
  static let operandChoices = Program.checkedCommands.map { $0.words[0] }
  static let description = """
    Checks what COMMAND (run, recompute, serve or import) needs with these options, and prints a line for each
    check: ok, warning, wrong (with the reason and the remedy), or skipped. It reads the catalog and the keys
    of tokens, asks the schema registry, if one is named, for the schemas of results, and the log for its
    topics, their settings, partition counts and generations. On Kafka it also tries to read the topics and to
    query the groups' offsets. It does not check permissions to write, since only writing would show them.
    Exits with status 1 if anything is wrong.
    """
  static var options: [Option<Self>] { [] }

  func run(_ console: Console) throws {}
}

extension CheckCommand {
  static func check<C: CheckedCommand>(_ command: C, _ console: Console) throws {
    var list = CheckList(console)
    try command.needs.check(for: C.name, &list, console)
    guard list.failures == 0 else {
      throw Failure("\(list.failures) of \(counted(list.tried, "check")) failed")
    }
  }
}
