/// A page for man(1) about the program or one of its commands, in the macros of man(7).
struct ManualPage {
  /// Such as "partner-pulse-topics-create.1".
  var fileName: String { "\(name).1" }
  let name: String
  let text: String

  /// `date` is the date in the pages, such as "2026-11-30".
  static func all(_ commands: [any Command.Type], date: String) -> [ManualPage] {
    [overview(commands, date: date)] + commands.map { page($0, date: date) }
  }

  static func overview(_ commands: [any Command.Type], date: String) -> ManualPage {
    var page = RoffText(title: Program.name, date: date)
    page.section("NAME")
    page.line("\(Program.name) - \(Program.summary)")
    page.section("SYNOPSIS")
    page.boldLine(Program.name, "COMMAND [OPTION…]")
    page.section("DESCRIPTION")
    page.line("Each command has a page of its own, such as `\(ManualPage.name(of: RunCommand.self))`(1).")
    page.section("COMMANDS")
    for command in commands { page.item(command.name, nil, command.summary) }
    page.section("OPTIONS")
    page.item("--help", nil, "print a list of the commands; after a command, print its options")
    page.item("--version", nil, "print the version")
    page.section("EXIT STATUS")
    for (status, meaning) in Program.exitStatuses { page.item("\(status)", nil, meaning) }
    page.section("ENVIRONMENT")
    page.line(
      "Variables that begin with `\(EnvironmentVariables.prefix)` set options; see `\(ManualPage.name(of: ConfigCommand.self))`(1)."
    )
    return ManualPage(name: Program.name, text: page.text)
  }

  static func page(_ command: any Command.Type, date: String) -> ManualPage {
    let name = name(of: command)
    var page = RoffText(title: name, date: date)
    page.section("NAME")
    page.line("\(name) - \(command.summary)")
    page.section("SYNOPSIS")
    page.boldLine(command.fullName, "[OPTION…]" + (command.operands.isEmpty ? "" : " \(command.operands)"))
    page.section("DESCRIPTION")
    page.paragraphs(command.description)
    page.section("OPTIONS")
    for option in command.definitions { page.item("--\(option.name)", option.placeholder, option.help) }
    page.item("--help", nil, "print a summary of this page")
    page.section("ENVIRONMENT")
    for option in command.definitions { page.item(option.variable, nil, "sets `--\(option.name)`") }
    page.section("SEE ALSO")
    page.line(
      command == ConfigCommand.self
        ? "`\(Program.name)`(1)" : "`\(Program.name)`(1), `\(ManualPage.name(of: ConfigCommand.self))`(1)")
    return ManualPage(name: name, text: page.text)
  }

  static func name(of command: any Command.Type) -> String {
    ([Program.name] + command.words).joined(separator: "-")
  }
}
