/// One command of the program. Its properties are its settings, which options set.
protocol Command {
  /// Its name, such as ["topics", "create"].
  static var words: [String] { get }
  /// One line for the overview.
  static var summary: String { get }
  /// The operands in the usage line, such as "FILE…"; empty if there are none.
  static var operands: String { get }
  /// All possible operands, if these are few; otherwise empty.
  static var operandChoices: [String] { get }
  /// Paragraphs of the help text, between the usage line and the options.
  static var description: String { get }
  static var options: [Option<Self>] { get }

  init()

  /// Sets the operands. Throws if they are invalid.
  mutating func take(_ operands: [String]) throws(UsageError)

  /// Throws if the settings contradict each other.
  func check() throws(UsageError)

  func run(_ console: Console) throws
}

extension Command {
  static var operands: String { "" }
  static var operandChoices: [String] { [] }
  static var name: String { words.joined(separator: " ") }
  static var fullName: String { "\(Program.name) \(name)" }

  mutating func take(_ operands: [String]) throws(UsageError) {
    if let first = operands.first { throw UsageError("unexpected argument '\(first)'") }
  }

  func check() throws(UsageError) {}
}

/// An error in the command line arguments.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
