import Contract

extension Aggregates {
  /// Checks that both have the same sums. O(sums).
  func checkEqual(_ other: borrowing Aggregates) throws(BrokenInvariant) {
    for number in 0..<Int32(keys.count) {
      let key = keys[Int(number)]
      let expected = other.number(ofKnown: key).map { other.sums(of: $0) } ?? []
      try BrokenInvariant.check(
        sums(of: number) == expected, "\(key) has other sums than its facts: \(expected) would be right")
    }
    for number in 0..<Int32(other.keys.count) where self.number(ofKnown: other.keys[Int(number)]) == nil {
      try BrokenInvariant.check(other.sums(of: number).isEmpty, "\(other.keys[Int(number)]) has no sums")
    }
  }

  private func sums(of number: Int32) -> [MonthRow] {
    rows(of: number, base: Month(index: 0)).filter { !$0.values.isZero }
  }
}
