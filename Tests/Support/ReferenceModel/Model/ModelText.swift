/// Text that is equal to other text only byte for byte; `String` takes both Unicode forms of "é" for the same.
package struct ModelText: Hashable, Comparable, CustomStringConvertible {
  package var text: String

  package init(_ text: String) { self.text = text }

  package var isEmpty: Bool { text.isEmpty }
  package var description: String { text }

  package static func == (a: ModelText, b: ModelText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  package static func < (a: ModelText, b: ModelText) -> Bool {
    a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
