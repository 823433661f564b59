import Glibc

/// A text that is compared and ordered by its UTF-8 bytes. Swift compares `String`s by canonical equivalence, so a table keyed by
/// `String` would take "é" of one code point and "é" of two for the same id; tables of ids are therefore keyed by this.
public struct ExactText: Hashable, Comparable, Sendable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var isEmpty: Bool { text.isEmpty }

  public static func == (left: ExactText, right: ExactText) -> Bool {
    left.text.hasSameUTF8(as: right.text)
  }

  public static func < (left: ExactText, right: ExactText) -> Bool {
    left.text.bytesCompared(with: right.text) < 0
  }

  public func hash(into hasher: inout Hasher) {
    text.withUTF8Bytes { BorrowedText(validUTF8: $0).hash(into: &hasher) }
  }
}

extension ExactText: CustomStringConvertible {
  public var description: String { text }
}

extension ExactText: ExpressibleByStringLiteral {
  public init(stringLiteral text: StaticString) { self.init(text.description) }
}

extension String {
  /// Whether both have the same bytes: the equality of ids, which `==` is not.
  public func hasSameUTF8(as other: String) -> Bool {
    utf8.count == other.utf8.count && bytesCompared(with: other) == 0
  }

  /// Whether it comes before `other` in the order of their bytes; nil if they are equal.
  public func precedes(_ other: String) -> Bool? {
    let order = bytesCompared(with: other)
    return order == 0 ? nil : order < 0
  }

  /// Negative if its bytes come first, 0 if they are the same.
  fileprivate func bytesCompared(with other: String) -> Int {
    withUTF8Bytes { mine in
      other.withUTF8Bytes { others in
        guard let left = mine.baseAddress, let right = others.baseAddress else {
          return mine.count - others.count
        }
        let order = memcmp(left, right, Swift.min(mine.count, others.count))
        return order != 0 ? Int(order) : mine.count - others.count
      }
    }
  }
}
