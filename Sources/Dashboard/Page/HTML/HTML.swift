/// A piece of HTML. Text and attribute values are escaped where they go in; the names of elements and attributes can only be
/// literals of the program. So nothing from outside becomes markup.
package struct HTML: Sendable {
  package private(set) var markup: String

  package static let empty = HTML(markup: "")

  private init(markup: String) { self.markup = markup }

  /// Escaped text.
  package init(text: String) { markup = Self.escaped(text) }

  package init(_ pieces: [HTML]) { markup = pieces.map(\.markup).joined() }

  /// `<name attributes>content</name>`. An attribute without value (nil) is left out, one with an empty one is a flag.
  package init(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:],
    @HTMLBuilder content: () -> HTML = { .empty }
  ) {
    markup = Self.start(name, attributes) + content().markup + "</\(name)>"
  }

  /// An element that has no content and no end tag.
  package static func void(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:])
    -> HTML
  {
    HTML(markup: start(name, attributes))
  }

  /// A whole page, of its `html` element.
  package static func document(_ root: HTML) -> HTML {
    HTML(markup: "<!doctype html>\n" + root.markup + "\n")
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

  /// Fit for text and for a value in quotes.
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
      // HTML has no form for these.
      case 0..<0x09, 0x0b, 0x0c, 0x0e..<0x20, 0x7f: bytes += Array("\u{fffd}".utf8)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
