/// The completion for bash.
enum BashCompletion {
  static func script(_ commands: [CompletedCommand]) -> String {
    let firstWords = commands.firstWords.map(\.word)
    let families = firstWords.filter { !commands.secondWords(after: $0).isEmpty }
    let seconds = families.map { first in
      "      \(first)) words='\(commands.secondWords(after: first).map(\.word).joined(separator: " "))' ;;"
    }
    let pairs = commands.filter { $0.words.count == 2 }.map { "'\($0.name)'" }.joined(separator: " | ")
    return """
      # bash completion for \(Program.name), made by `\(Program.name) completion bash`.

      _partner_pulse() {
        local -a given=("${COMP_WORDS[@]}")
        local position=$COMP_CWORD
        case ${given[1]} in
          \(CompletedCommand.wrappers.joined(separator: " | ")))
            # What follows is another command line.
            if ((position > 2)); then given=("${given[0]}" "${given[@]:2}") position=$((position - 1)); fi
            ;;
        esac
        local current=${given[position]} previous=${given[position - 1]}
        local command=${given[1]} at=1 words='' options=''
        COMPREPLY=()
        # --option=value comes in three words.
        if [[ $current == = ]]; then
          current=
        elif [[ $previous == = ]] && ((position > 2)); then
          previous=${given[position - 2]}
        fi
        if ((position == 1)); then
          COMPREPLY=($(compgen -W '\(firstWords.joined(separator: " ")) --help --version' -- "$current"))
          return
        fi
        case "${given[1]} ${given[2]}" in
          \(pairs)) if ((position > 2)); then command="${given[1]} ${given[2]}" at=2; fi ;;
        esac
        case "$command:$previous" in
      \(values(commands).joined(separator: "\n"))
        esac
        case $command in
      \(commands.map(options).joined(separator: "\n"))
        esac
        if [[ $current == -* ]]; then
          COMPREPLY=($(compgen -W "$options --help" -- "$current"))
          return
        fi
        if ((position == 2 && at == 1)); then
          case $command in
      \(seconds.joined(separator: "\n"))
          esac
        fi
        case $command in
      \(operands(commands).joined(separator: "\n"))
        esac
        COMPREPLY+=($(compgen -W "$words" -- "$current"))
      }

      # Names of files, and of nothing else.
      _partner_pulse_files() {
        compopt -o filenames 2> /dev/null
        mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
      }

      complete -F _partner_pulse \(Program.name)

      """
  }

  /// The cases that complete the value of an option.
  private static func values(_ commands: [CompletedCommand]) -> [String] {
    var patterns: [String: [String]] = [:]
    for command in commands {
      for option in command.options {
        guard let values = option.values else { continue }
        patterns[reply(values), default: []].append("'\(command.name):--\(option.name)'")
      }
    }
    return patterns.sorted { $0.key < $1.key }.map { reply, patterns in
      "    \(patterns.joined(separator: " | \\\n      ")))\n      \(reply)\n      return\n      ;;"
    }
  }

  private static func reply(_ values: CompletedCommand.Values) -> String {
    switch values {
    case .choices(let choices):
      "COMPREPLY=($(compgen -W '\(choices.joined(separator: " "))' -- \"$current\"))"
    case .files: "_partner_pulse_files -f \"$current\""
    case .directories: "_partner_pulse_files -d \"$current\""
    case .unknown: ":"
    }
  }

  private static func options(_ command: CompletedCommand) -> String {
    "    '\(command.name)') options='\(command.options.map { "--" + $0.name }.joined(separator: " "))' ;;"
  }

  private static func operands(_ commands: [CompletedCommand]) -> [String] {
    commands.compactMap { command in
      switch command.operands {
      case .choices(let choices): "    '\(command.name)') words+=' \(choices.joined(separator: " "))' ;;"
      case .files:
        "    '\(command.name)')\n      _partner_pulse_files -f \"$current\"\n      return\n      ;;"
      case .directories:
        "    '\(command.name)')\n      _partner_pulse_files -d \"$current\"\n      return\n      ;;"
      case .unknown, nil: nil
      }
    }
  }
}
