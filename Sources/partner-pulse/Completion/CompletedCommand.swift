/// What a shell can complete in the arguments of a command.
struct CompletedCommand {
  enum Values {
    /// One of these.
    case choices([String])
    case files
    case directories
    /// Nothing is known about the values.
    case unknown
  }

  /// The commands whose operands are the command line of another command.
  static let wrappers = [ConfigCommand.name, CheckCommand.name]

  let words: [String]
  let summary: String
  let options: [OptionDefinition]
  /// The possible operands; nil if there are none.
  let operands: Values?

  init<C: Command>(_: C.Type, among commands: [any Command.Type]) {
    (words, summary, options) = (C.words, C.summary, C.definitions)
    if !C.operandChoices.isEmpty {
      operands = .choices(C.operandChoices)
    } else if C.operands.contains("COMMAND") {
      operands = .choices(Array(Set(commands.map { $0.words[0] })).sorted())
    } else if C.operands.isEmpty {
      operands = nil
    } else {
      operands = C.operands.contains("FILE") ? .files : .unknown
    }
  }

  static func all(_ commands: [any Command.Type]) -> [CompletedCommand] {
    func completed<C: Command>(_ command: C.Type) -> CompletedCommand {
      CompletedCommand(command, among: commands)
    }
    return commands.map { completed($0) }
  }

  var name: String { words.joined(separator: " ") }
}

extension OptionDefinition {
  /// Its possible values; nil for a flag.
  var values: CompletedCommand.Values? {
    guard let placeholder else { return nil }
    if !choices.isEmpty { return .choices(choices) }
    if placeholder.hasPrefix("FILE") || placeholder.hasSuffix("=FILE") { return .files }
    return placeholder == "DIR" ? .directories : .unknown
  }
}

extension [CompletedCommand] {
  /// The first words, each once, with a summary.
  var firstWords: [(word: String, summary: String)] {
    var seen: Set<String> = []
    return filter { seen.insert($0.words[0]).inserted }.map { command in
      let isOne = contains { $0.words == [command.words[0]] }
      let family = filter { $0.words[0] == command.words[0] }
      return (
        command.words[0],
        isOne ? command.summary : family.map { $0.words.last ?? "" }.joined(separator: " or ")
      )
    }
  }

  /// The second words after a first one.
  func secondWords(after first: String) -> [(word: String, summary: String)] {
    filter { $0.words.count == 2 && $0.words[0] == first }.map { ($0.words[1], $0.summary) }
  }
}
