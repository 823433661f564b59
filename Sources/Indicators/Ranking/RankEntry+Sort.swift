extension [RankEntry] {
  /// Sorts entries whose values have one denominator. O(n) for the values that occur, and O(n log n) at most.
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
    // Both numbers of an entry as one, which orders as they do.
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
  /// Byte by byte from the least significant one on, without those that are the same in all. O(n x bytes that differ).
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
