import Contract

/// Numbers texts, so that each is stored once. Texts are equal if their bytes are.
struct TextTable: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  /// A hash table with linear probing: a text's number plus one, or zero for a free slot.
  private var slots: [UInt32] = Array(repeating: 0, count: 16)

  var count: Int { starts.count - 1 }

  var indices: Range<UInt32> { 0..<UInt32(count) }

  /// The number of `text`, or nil if it has none.
  func number(of text: some MessageText) -> UInt32? {
    text.withUTF8Bytes { utf8 in
      let slot = slots[slotIndex(of: utf8)]
      return slot == 0 ? nil : slot - 1
    }
  }

  /// The number of `text`, which is added if it has none.
  mutating func insert(_ text: some MessageText) -> UInt32 {
    text.withUTF8Bytes { utf8 in
      var index = slotIndex(of: utf8)
      if slots[index] != 0 { return slots[index] - 1 }
      bytes.append(contentsOf: utf8)
      starts.append(bytes.count)
      if count * 4 > slots.count * 3 {
        grow()
        index = slotIndex(of: utf8)
      }
      slots[index] = UInt32(count)
      return UInt32(count - 1)
    }
  }

  subscript(number: UInt32) -> String { withUTF8Bytes(of: number) { String(decoding: $0, as: UTF8.self) } }

  /// For each number, the rank of its text in the order of their bytes. O(n log n).
  func ranks() -> [UInt32] {
    let sorted = (0..<UInt32(count)).sorted { left, right in
      withUTF8Bytes(of: left) { left in withUTF8Bytes(of: right) { left.lexicographicallyPrecedes($0) } }
    }
    var ranks = [UInt32](repeating: 0, count: count)
    for (rank, number) in sorted.enumerated() { ranks[Int(number)] = UInt32(rank) }
    return ranks
  }

  private func withUTF8Bytes<Result>(of number: UInt32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result
  {
    bytes.withUnsafeBytes { all in
      body(UnsafeRawBufferPointer(rebasing: all[starts[Int(number)]..<starts[Int(number) + 1]]))
    }
  }

  /// The index of the slot that has the text, or of the free one where it belongs.
  private func slotIndex(of utf8: UnsafeRawBufferPointer) -> Int {
    let text = BorrowedText(validUTF8: utf8)
    var hasher = Hasher()
    text.hash(into: &hasher)
    var index = hasher.finalize() & (slots.count - 1)
    while slots[index] != 0 {
      if withUTF8Bytes(of: slots[index] - 1, { BorrowedText(validUTF8: $0) == text }) { break }
      index = (index + 1) & (slots.count - 1)
    }
    return index
  }

  /// Doubles the slots, and inserts all texts but the newest.
  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for number in 0..<UInt32(count - 1) {
      let index = withUTF8Bytes(of: number) { slotIndex(of: $0) }
      slots[index] = number + 1
    }
  }
}
