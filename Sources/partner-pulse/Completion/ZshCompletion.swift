/// The completion for zsh.
enum ZshCompletion {
  static func script(_ commands: [CompletedCommand]) -> String {
    let families = commands.firstWords.map(\.word).filter { !commands.secondWords(after: $0).isEmpty }
    return """
      #compdef \(Program.name)
      # zsh completion for \(Program.name), made by `\(Program.name) completion zsh`.

      _partner_pulse() {
        local -a choices
        if ((CURRENT == 2)); then
          choices=(
      \(described(commands.firstWords))
          )
          _describe command choices
          _arguments '(- *)--help[print help]' '(- *)--version[print the version]'
          return
        fi
        case $words[2] in
          \(CompletedCommand.wrappers.joined(separator: " | ")))
            # What follows is another command line.
            if ((CURRENT > 3)); then
              shift words
              ((CURRENT -= 1))
            fi
            ;;
        esac
        local command=$words[2] count=1
        case "$words[2] $words[3]" in
          \(commands.filter { $0.words.count == 2 }.map { "'\($0.name)'" }.joined(separator: " | ")))
            if ((CURRENT > 3)); then command="$words[2] $words[3]" count=2; fi ;;
        esac
        if ((CURRENT == 3 && count == 1)); then
          case $command in
      \(families.map { "      \($0)) choices=(\n\(described(commands.secondWords(after: $0)))\n        ) ;;" }.joined(separator: "\n"))
          esac
          if (($#choices)); then _describe command choices; fi
        fi
        # What follows takes the command's last word for its own name.
        shift $count words
        ((CURRENT -= count))
        case $command in
      \(commands.map(arguments).joined(separator: "\n"))
        esac
      }

      _partner_pulse "$@"

      """
  }

  private static func described(_ words: [(word: String, summary: String)]) -> String {
    words.map { "      \(quoted("\($0.word):\($0.summary)"))" }.joined(separator: "\n")
  }

  private static func arguments(_ command: CompletedCommand) -> String {
    var lines = command.options.map { option in
      let repeats = option.kind == .list || option.kind == .table ? "*" : ""
      let value = option.values.map {
        "=" + "[\(escaped(option.help))]:\(escaped(option.placeholder ?? "")):\(action($0))"
      }
      return quoted("\(repeats)--\(option.name)" + (value ?? "[\(escaped(option.help))]"))
    }
    lines.append("'(- *)--help[print help]'")
    if let operands = command.operands { lines.append(quoted("*:operand:\(action(operands))")) }
    return "    '\(command.name)')\n      _arguments \\\n"
      + lines.map { "        \($0)" }.joined(separator: " \\\n") + " ;;"
  }

  private static func action(_ values: CompletedCommand.Values) -> String {
    switch values {
    case .choices(let choices): "(\(choices.joined(separator: " ")))"
    case .files: "_files"
    case .directories: "_directories"
    case .unknown: " "
    }
  }

  /// Escapes the characters that are special to _arguments.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\[]:".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }

  private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
