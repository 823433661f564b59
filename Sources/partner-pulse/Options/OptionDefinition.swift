/// The name of an option, the kind of its values, and its help text.
struct OptionDefinition {
  enum Kind {
    case flag
    case value
    /// May be given several times. A place replaces all values of places with lower precedence.
    case list
    /// May be given several times, with values KEY=VALUE. A place replaces only values with the same keys.
    case table
  }

  let name: String
  /// The placeholder of the value in the help text; nil for a flag.
  let placeholder: String?
  let kind: Kind
  /// What the option does, without its default.
  let summary: String
  /// The default, if the help text names it.
  let defaultText: String?
  /// All possible values, if these are few; otherwise empty.
  let choices: [String]
  /// Options that this one replaces, if they were given in a place of lower precedence.
  var replaced: [String] = []

  /// Reads the default from the end of `help`: "… (default: 4)".
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

  /// The environment variable that sets it.
  var variable: String { EnvironmentVariables.prefix + name.uppercased().replacing("-", with: "_") }
}

extension String {
  /// The range of the last occurrence of `part`.
  fileprivate func lastRange(of part: String) -> Range<Index>? { ranges(of: part).last }
}
