/// `completion`
struct CompletionCommand: Command {
  enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish
  }

  private var shell = Shell.bash

  static let words = ["completion"]
  static let summary = "print the completion of commands and options for a shell"
  static let operands = "SHELL"
  static let operandChoices = Shell.allCases.map(\.rawValue)
  static let description = """
    SHELL is bash, zsh or fish. The Debian package installs the completion for all three. Otherwise:
      bash: source <(partner-pulse completion bash)
      zsh: partner-pulse completion zsh > DIR/_partner-pulse, with a DIR of $fpath
      fish: partner-pulse completion fish > ~/.config/fish/completions/partner-pulse.fish
    """
  static var options: [Option<Self>] { [] }

  mutating func take(_ operands: [String]) throws(UsageError) {
    guard let first = operands.first else { throw UsageError("SHELL is missing; it is bash, zsh or fish") }
    guard operands.count == 1 else { throw UsageError("unexpected argument '\(operands[1])'") }
    guard let shell = Shell(rawValue: first) else { throw UsageError("'\(first)' is not bash, zsh or fish") }
    self.shell = shell
  }

  func run(_ console: Console) throws {
    let commands = CompletedCommand.all(Program.commands)
    switch shell {
    case .bash: try console.print(BashCompletion.script(commands))
    case .zsh: try console.print(ZshCompletion.script(commands))
    case .fish: try console.print(FishCompletion.script(commands))
    }
  }
}
