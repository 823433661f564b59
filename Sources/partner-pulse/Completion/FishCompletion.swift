/// The completion for fish.
enum FishCompletion {
  static func script(_ commands: [CompletedCommand]) -> String {
    var lines = [
      "# fish completion for \(Program.name), made by `\(Program.name) completion fish`.",
      "",
      "# Whether these are the first words of the command line, and none of the words that may make them another command follows.",
      "function __partner_pulse_is",
      "  set --local separator (contains --index -- -- $argv); or set --local separator (math (count $argv) + 1)",
      "  set --local words (commandline --tokenize --cut-at-cursor --current-process)[2..]",
      "  # What follows one of these is another command line.",
      "  if contains -- \"$words[1]\" \(CompletedCommand.wrappers.joined(separator: " ")); and test (count $words) -gt 1",
      "    set --erase words[1]",
      "  end",
      "  set --local wanted $argv[1..(math $separator - 1)]",
      "  set --local length (count $wanted)",
      "  set --local next (math $length + 1)",
      "  test (count $words) -ge $length; and test \"$words[1..$length]\" = \"$wanted\"; or return 1",
      "  not contains -- \"$words[$next]\" $argv[(math $separator + 1)..]",
      "end",
      "",
      "function __partner_pulse_has_no_command",
      "  test (count (commandline --tokenize --cut-at-cursor --current-process)) -eq 1",
      "end",
      "",
      "complete --command \(Program.name) --no-files",
      line("__partner_pulse_has_no_command", "--long-option help --description 'print help'"),
      line("__partner_pulse_has_no_command", "--long-option version --description 'print the version'"),
    ]
    for (word, summary) in commands.firstWords {
      lines.append(
        line("__partner_pulse_has_no_command", "--arguments \(word) --description \(quoted(summary))"))
      for (second, summary) in commands.secondWords(after: word) {
        let others = commands.secondWords(after: word).map(\.word)
        lines.append(
          line(
            "__partner_pulse_is \(word) -- \(others.joined(separator: " "))",
            "--arguments \(second) --description \(quoted(summary))"))
      }
    }
    for command in commands {
      let others = command.words.count == 1 ? commands.secondWords(after: command.words[0]).map(\.word) : []
      let condition =
        "__partner_pulse_is \(command.name)" + (others.isEmpty ? "" : " -- \(others.joined(separator: " "))")
      lines.append("")
      for option in command.options {
        lines.append(
          line(
            condition,
            "--long-option \(option.name)\(value(option.values)) --description \(quoted(option.help))"))
      }
      lines.append(line(condition, "--long-option help --description 'print help'"))
      switch command.operands {
      case .choices(let choices):
        lines.append(line(condition, "--arguments '\(choices.joined(separator: " "))'"))
      case .files, .directories: lines.append(line(condition, "--force-files"))
      case .unknown, nil: break
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ condition: String, _ rest: String) -> String {
    "complete --command \(Program.name) --condition '\(condition)' \(rest)"
  }

  private static func value(_ values: CompletedCommand.Values?) -> String {
    switch values {
    case nil: ""
    case .choices(let choices): " --exclusive --arguments '\(choices.joined(separator: " "))'"
    case .files, .directories: " --require-parameter --force-files"
    case .unknown: " --exclusive"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
