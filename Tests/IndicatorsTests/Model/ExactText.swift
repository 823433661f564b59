/// Text that is equal to other text only byte for byte; `String` takes both Unicode forms of "é" for the same.
struct ExactText: Hashable, Comparable, CustomStringConvertible {
  var text: String

  init(_ text: String) { self.text = text }

  var isEmpty: Bool { text.isEmpty }
  var description: String { text }

  static func == (a: ExactText, b: ExactText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  static func < (a: ExactText, b: ExactText) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
