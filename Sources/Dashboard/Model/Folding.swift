/// Folds texts for searching and sorting: without case and diacritics.
package enum Folding {
  /// The folded text in UTF-8: equal for texts that differ only in case and diacritics; that of a part is a part of that of the
  /// whole. O(n).
  package static func bytes(_ text: String) -> [UInt8] {
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      return text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
    var bytes: [UInt8] = []
    for character in text.lowercased() {
      if let letters = letters[character] {
        bytes += letters.utf8
        continue
      }
      // Of characters that are not in the table, combining marks are dropped.
      let rest = character.unicodeScalars.filter { $0.properties.generalCategory != .nonspacingMark }
      for scalar in rest { bytes += (letters[Character(scalar)] ?? String(scalar)).utf8 }
    }
    return bytes
  }

  /// Whether `part` occurs in `whole`; an empty part always does. O(n), except for repetitive texts.
  package static func contains(_ whole: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard whole.count >= part.count else { return false }
    for start in 0...whole.count - part.count where whole[start] == first {
      if whole[start..<start + part.count].elementsEqual(part) { return true }
    }
    return false
  }

  /// Letters with diacritics, by canonical equivalence, ligatures and other special letters.
  private static let letters: [Character: String] = {
    var letters: [Character: String] = [
      "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
      "ŧ": "t",
      "ŋ": "n", "ς": "σ", "أ": "ا", "إ": "ا", "آ": "ا",
    ]
    let latin = "abcdefghijklmnopqrstuvwxyz".unicodeScalars
    let others = "αεηιουωρагекиоуёыэ".unicodeScalars
    let marks = (UInt32(0x300)...0x345).compactMap(Unicode.Scalar.init)
    // Marks of which a letter may have two, as in Vietnamese.
    let doubled = [
      0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x309, 0x30A, 0x30C, 0x31B, 0x323, 0x327, 0x328,
    ].compactMap { Unicode.Scalar(UInt32($0)) }
    func add(_ letter: Unicode.Scalar, _ marks: [Unicode.Scalar]) {
      let text = String(String.UnicodeScalarView([letter] + marks))
      if text.count == 1, let character = text.first { letters[character] = String(letter) }
    }
    for letter in Array(latin) + Array(others) { for mark in marks { add(letter, [mark]) } }
    for letter in latin { for first in doubled { for second in doubled { add(letter, [first, second]) } } }
    return letters
  }()
}
