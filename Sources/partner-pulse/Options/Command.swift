/// One command of the program. Its properties are its settings, with their defaults; options set them.
protocol Command {
  /// What it is called by, such as ["topics", "create"].
  static var words: [String] { get }
  /// One line for the overview.
  static var summary: String { get }
  /// What comes after the options in the usage line, such as "FILE…"; empty for nothing.
  static var operands: String { get }
  /// All operands that there are, if they are few.
  static var operandChoices: [String] { get }
  /// Paragraphs of the help text, between the usage line and the options.
  static var description: String { get }
  static var options: [Option<Self>] { get }

  init()

  /// Sets the operands. Throws if they are invalid.
  mutating func take(_ operands: [String]) throws(UsageError)

  /// Throws if the settings contradict each other.
  func check() throws(UsageError)

  /// Does the work. Throws if it failed.
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
