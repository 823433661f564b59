/// The texts that `--help` prints.
enum HelpText {
  private static let width = 90

  static func overview(of commands: [any Command.Type]) -> String {
    let rows = commands.map { ($0.words.joined(separator: " "), $0.summary) }
    return """
      usage: \(Program.name) COMMAND [OPTION…]

      \(Program.summary.prefix(1).uppercased() + Program.summary.dropFirst()).

      Commands:
      \(table(rows))

      Run '\(Program.name) COMMAND --help' for help on a command, '\(Program.name) --version' for the version.
      Options can also be set in a file and by environment variables: see '\(Program.name) config --help'.
      Exit status: \(Program.exitStatuses.map { "\($0) for \($1)" }.joined(separator: ", ")).

      """
  }

  static func of<C: Command>(_: C.Type) -> String {
    let operands = C.operands.isEmpty ? "" : " " + C.operands
    let rows =
      C.definitions.map { ("--" + $0.name + ($0.placeholder.map { " " + $0 } ?? ""), $0.help) }
      + [("-h, --help", "print this help")]
    return """
      usage: \(C.fullName) [OPTION…]\(operands)

      \(C.description)

      Options:
      \(table(rows))

      """
  }

  /// A table of two columns; the second is wrapped.
  private static func table(_ rows: [(String, String)]) -> String {
    let indent = min(30, 4 + (rows.map { $0.0.count }.max() ?? 0))
    var lines: [String] = []
    for (term, text) in rows {
      var line = "  " + term
      if line.count + 2 > indent {
        lines.append(line)
        line = ""
      }
      line += String(repeating: " ", count: indent - line.count)
      var isAtStart = true
      for word in text.split(separator: " ") {
        if !isAtStart, line.count + 1 + word.count > width {
          lines.append(line)
          line = String(repeating: " ", count: indent)
          isAtStart = true
        }
        line += (isAtStart ? "" : " ") + word
        isAtStart = false
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }
}
