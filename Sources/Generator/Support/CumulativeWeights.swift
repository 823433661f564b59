/// Draws indices in proportion to whole-number weights.
struct CumulativeWeights {
  private var sums: [Int] = []

  init(_ weights: some Sequence<Int>) {
    var sum = 0
    for weight in weights {
      sum += weight
      sums.append(sum)
    }
  }

  var total: Int { sums.last ?? 0 }

  /// The index whose share of the total contains `point`, which is in 0 ..< total. O(log n).
  func index(at point: Int) -> Int {
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > point { high = middle } else { low = middle + 1 }
    }
    return low
  }

  func draw(_ random: inout Random) -> Int { index(at: random.below(total)) }

  /// Divides `count` in proportion to the weights; the shares add up to `count`.
  func shares(of count: Int) -> [Int] {
    var before = 0
    return sums.map { sum in
      let dealt = Int(
        UInt64(total).dividingFullWidth(UInt64(count).multipliedFullWidth(by: UInt64(sum))).quotient)
      defer { before = dealt }
      return dealt - before
    }
  }
}
