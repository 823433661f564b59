/// A text as a field of a CSV table (RFC 4180), safe to open in a spreadsheet.
///
/// A text that Excel, LibreOffice or Google Sheets might interpret as a formula gets an apostrophe in front, which makes them
/// take it as text. So does a text that is such a formula after its apostrophes, so that different texts stay different fields:
/// to decode a field that starts with an apostrophe and would be a formula without it, remove that apostrophe.
package struct CSVField {
  package let bytes: [UInt8]

  package init(_ text: String) {
    let utf8 = Array((Self.mayBeFormula(text) ? "'" + text : text).utf8)
    let quote = UInt8(ascii: "\"")
    // By bytes, as CSV readers do: a quote and a combining mark after it form one `Character`.
    guard utf8.contains(where: { $0 == quote || ",\r\n".utf8.contains($0) }) else {
      bytes = utf8
      return
    }
    bytes = [quote] + utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether the first visible character starts a formula, since some programs drop the invisible ones before it. A text that
  /// starts with a tab or a line break may continue in another cell.
  private static func mayBeFormula(_ text: String) -> Bool {
    if let first = text.utf8.first, "\t\r\n".utf8.contains(first) { return true }
    return text.unicodeScalars.first { !isSkipped($0) }.map(starters.contains) ?? false
  }

  /// The characters that start a formula, with their full-width and similar forms, which input methods and normalization turn
  /// into them.
  private static let starters = Set("=+-@＝＋－＠﹦﹢﹣﹫−".unicodeScalars)

  private static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "'" || scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint {
      return true
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }
}
