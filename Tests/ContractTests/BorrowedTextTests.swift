import Contract
import Testing

@Suite struct BorrowedTextTests {
  @Test(arguments: ["", "a", "12345678", "123456789", "café", String(repeating: "x", count: 31)])
  func isEqualByItsBytes(text: String) {
    text.withUTF8Bytes { bytes in
      let copy = Array(bytes)
      copy.withUnsafeBytes { other in
        let (left, right) = (BorrowedText(validUTF8: bytes), BorrowedText(validUTF8: other))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left == text)
        #expect(left.string == text)
        #expect(left.isEmpty == text.isEmpty)
      }
      for index in copy.indices {
        var changed = copy
        changed[index] ^= 1
        changed.withUnsafeBytes { other in
          #expect(BorrowedText(validUTF8: bytes) != BorrowedText(validUTF8: other))
        }
      }
    }
  }

  @Test func doesNotNormalise() {
    "e\u{301}".withUTF8Bytes { #expect(!(BorrowedText(validUTF8: $0) == "\u{e9}" as String)) }
  }
}
