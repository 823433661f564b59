/// A text as a field of a table (RFC 4180) that people open with a spreadsheet.
///
/// An apostrophe comes before what Excel, LibreOffice or Google Sheets might take for a formula, which makes them take it as
/// it is. One also comes before an apostrophe that stands for that already, so that different texts are different fields:
/// who takes the first apostrophe away where what follows might be taken for a formula has the text.
package struct CSVField {
  package let bytes: [UInt8]

  package init(_ text: String) {
    let utf8 = Array((Self.mayBeFormula(text) ? "'" + text : text).utf8)
    let quote = UInt8(ascii: "\"")
    // By bytes, as readers do: a quote with a combining mark after it is no other `Character` to them.
    guard utf8.contains(where: { $0 == quote || ",\r\n".utf8.contains($0) }) else {
      bytes = utf8
      return
    }
    bytes = [quote] + utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether a formula begins with the first sign that shows: some drop what is before it. What begins with a tab or a line
  /// break may go on in another cell.
  private static func mayBeFormula(_ text: String) -> Bool {
    if let first = text.utf8.first, "\t\r\n".utf8.contains(first) { return true }
    return text.unicodeScalars.first { !isPassedOver($0) }.map(starters.contains) ?? false
  }

  /// What calculates, in the forms that an input method or a compatibility normalization takes for it.
  private static let starters = Set("=+-@＝＋－＠﹦﹢﹣﹫−".unicodeScalars)

  private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "'" || scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint {
      return true
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }
}
