extension [RankEntry] {
  /// Sorts entries whose values share one denominator. O(n) for the values that occur, O(n log n) at worst.
  mutating func sortByNumerator() {
    guard let first else { return }
    var (least, most, slots) = (first.value.numerator, first.value.numerator, Int64(first.slot))
    for entry in self {
      least = Swift.min(least, entry.value.numerator)
      most = Swift.max(most, entry.value.numerator)
      slots |= Int64(entry.slot)
    }
    let slotBits = UInt64(Int64.bitWidth - slots.leadingZeroBitCount)
    let (range, overflows) = most.subtractingReportingOverflow(least)
    guard !overflows, slots >= 0, UInt64(range.leadingZeroBitCount) >= slotBits else {
      return sort { ($0.value.numerator, $0.slot) < ($1.value.numerator, $1.slot) }
    }
    // Value and slot in one integer, which has the same order.
    var keys = map { UInt64($0.value.numerator - least) << slotBits | UInt64($0.slot) }
    keys.radixSort()
    let unit = first.value.denominator
    for index in indices {
      self[index].value = Ratio(Int64(keys[index] >> slotBits) + least, over: unit)
      self[index].slot = Int32(keys[index] & (1 << slotBits - 1))
    }
  }
}

extension [UInt64] {
  /// Least significant byte first; bytes that are equal in all keys are skipped. O(n x bytes that differ).
  mutating func radixSort() {
    guard count > 128 else { return sort() }
    let differing = reduce(0) { $0 | ($1 ^ self[0]) }
    var other = self
    for shift in stride(from: UInt64(0), to: 64, by: 8) where differing >> shift & 0xFF != 0 {
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 257) { ends in
        ends.initialize(repeating: 0)
        for key in self { ends[Int(key >> shift & 0xFF) + 1] += 1 }
        for byte in 1...256 { ends[byte] += ends[byte - 1] }
        other.withUnsafeMutableBufferPointer { other in
          for key in self {
            let byte = Int(key >> shift & 0xFF)
            other[ends[byte]] = key
            ends[byte] += 1
          }
        }
      }
      swap(&self, &other)
    }
  }
}
