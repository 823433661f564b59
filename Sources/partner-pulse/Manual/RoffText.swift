/// A text in the macros of man(7). Its input is plain text, with bold words between backquotes.
struct RoffText {
  private(set) var text: String

  init(title: String, date: String) {
    text =
      ".TH \(Self.escaped(title.uppercased())) 1 \(date) \"PartnerPulse \(Program.version)\" PartnerPulse\n"
  }

  mutating func section(_ title: String) { text += ".SH \(title)\n" }

  mutating func line(_ line: String) { text += Self.formatted(line) + "\n" }

  mutating func boldLine(_ bold: String, _ rest: String) {
    text += "\\fB\(Self.escaped(bold))\\fR \(Self.escaped(rest))\n"
  }

  /// A term with its placeholder and its meaning.
  mutating func item(_ term: String, _ placeholder: String?, _ meaning: String) {
    text +=
      ".TP\n\\fB\(Self.escaped(term))\\fR" + (placeholder.map { " \\fI\(Self.escaped($0))\\fR" } ?? "") + "\n"
    line(meaning)
  }

  /// Paragraphs with blank lines between them. Indented lines are kept as they are.
  mutating func paragraphs(_ paragraphs: String) {
    var (isKept, isBlank) = (false, false)
    for line in paragraphs.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        isBlank = true
        continue
      }
      let mustKeep = line.hasPrefix("  ")
      if mustKeep != isKept { text += mustKeep ? ".PP\n.RS 2\n.nf\n" : ".fi\n.RE\n" }
      if isBlank || (isKept && !mustKeep), !mustKeep { text += ".PP\n" }
      (isKept, isBlank) = (mustKeep, false)
      self.line(String(line.drop { $0 == " " }))
    }
    if isKept { text += ".fi\n.RE\n" }
  }

  private static func formatted(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    let result = parts.enumerated().map { $0 % 2 == 0 ? escaped($1) : "\\fB\(escaped($1))\\fR" }.joined()
    // A line that starts with one of these would be a roff request.
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }

  private static func escaped(_ text: some StringProtocol) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case _ where scalar.isASCII: String(scalar)
      default:
        "\\[u" + String(repeating: "0", count: max(0, 4 - String(scalar.value, radix: 16).count))
          + String(scalar.value, radix: 16, uppercase: true) + "]"
      }
    }.joined()
  }
}
