/// A piece of HTML. Texts and attribute values are escaped on insertion, and names of elements and attributes are literals, so
/// nothing from outside becomes markup.
package struct HTML: Sendable {
  package private(set) var markup: String
  /// The elements in it with an attribute `data-part`, in order: the script of a live page replaces each of them separately.
  package private(set) var parts: [Part] = []

  /// An element that may change while a page is shown.
  package struct Part: Sendable {
    package let markup: String
    /// A hash of the content.
    package var version: String { String(EntityTag(of: Array(markup.utf8)).hex.prefix(12)) }
  }

  package static let empty = HTML(markup: "")

  private init(markup: String) { self.markup = markup }

  /// Escaped text.
  package init(text: String) { markup = Self.escaped(text) }

  package init(_ pieces: [HTML]) {
    markup = pieces.map(\.markup).joined()
    parts = pieces.flatMap(\.parts)
  }

  /// `<name attributes>content</name>`. An attribute with the value nil is left out; one with an empty value is written as a flag.
  package init(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:],
    @HTMLBuilder content: () -> HTML = { .empty }
  ) {
    let content = content()
    markup = Self.start(name, attributes) + content.markup + "</\(name)>"
    // A part is replaced as a whole, including parts within it.
    let isPart = attributes.contains { $0.key.description == "data-part" && $0.value != nil }
    parts = isPart ? [Part(markup: markup)] : content.parts
  }

  package init(_ part: Part) { markup = part.markup }

  /// A void element, without content and end tag.
  package static func void(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:])
    -> HTML
  {
    HTML(markup: start(name, attributes))
  }

  /// A whole page: the doctype and its `html` element.
  package static func document(_ root: HTML) -> HTML {
    var page = root
    page.markup = "<!doctype html>\n" + root.markup + "\n"
    return page
  }

  private static func start(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>)
    -> String
  {
    var tag = "<\(name)"
    for (name, value) in attributes {
      guard let value else { continue }
      tag += value.isEmpty ? " \(name)" : " \(name)=\"\(escaped(value))\""
    }
    return tag + ">"
  }

  /// Escaped for text and for a value in double quotes.
  private static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
      case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
      case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
      case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
      case UInt8(ascii: "'"): bytes += Array("&#39;".utf8)
      // Control characters, which HTML does not allow.
      case 0..<0x09, 0x0b, 0x0c, 0x0e..<0x20, 0x7f: bytes += Array("\u{fffd}".utf8)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Concatenates pieces of HTML; a `String` is inserted as escaped text.
@resultBuilder
package enum HTMLBuilder {
  package static func buildExpression(_ piece: HTML) -> [HTML] { [piece] }
  package static func buildExpression(_ text: String) -> [HTML] { [HTML(text: text)] }
  package static func buildBlock(_ pieces: [HTML]...) -> [HTML] { pieces.flatMap { $0 } }
  package static func buildOptional(_ pieces: [HTML]?) -> [HTML] { pieces ?? [] }
  package static func buildEither(first pieces: [HTML]) -> [HTML] { pieces }
  package static func buildEither(second pieces: [HTML]) -> [HTML] { pieces }
  package static func buildArray(_ pieces: [[HTML]]) -> [HTML] { pieces.flatMap { $0 } }
  package static func buildFinalResult(_ pieces: [HTML]) -> HTML { HTML(pieces) }
}
