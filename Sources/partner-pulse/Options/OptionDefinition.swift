/// What an option is called, what it takes, and what its help says.
struct OptionDefinition {
  enum Kind {
    case flag
    case value
    /// May be given several times; a place that names it replaces all values of the places below.
    case list
    /// The same with values KEY=VALUE; a place replaces the values of the same keys alone.
    case table
  }

  let name: String
  /// What stands for the value in the help text; nil for a flag.
  let placeholder: String?
  let kind: Kind
  /// What the option does, without its default.
  let summary: String
  /// What holds where it is not given, if the help says so.
  let defaultText: String?
  /// All values that it may have, if they are few.
  let choices: [String]
  /// Options that no longer hold where they were given in a place below.
  var replaced: [String] = []

  /// Takes the default from the end of the help: "… (default: 4)".
  init(_ name: String, _ kind: Kind, placeholder: String? = nil, help: String, choices: [String] = []) {
    (self.name, self.kind, self.placeholder, self.choices) = (name, kind, placeholder, choices)
    let mark = " (default: "
    if help.hasSuffix(")"), let found = help.lastRange(of: mark) {
      summary = String(help[..<found.lowerBound])
      defaultText = String(help[found.upperBound...].dropLast())
    } else {
      (summary, defaultText) = (help, nil)
    }
  }

  var help: String { summary + (defaultText.map { " (default: \($0))" } ?? "") }

  /// The environment variable for it.
  var variable: String { EnvironmentVariables.prefix + name.uppercased().replacing("-", with: "_") }
}

extension String {
  /// Where `part` begins and ends the last time.
  fileprivate func lastRange(of part: String) -> Range<Index>? { ranges(of: part).last }
}
