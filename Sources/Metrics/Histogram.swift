/// Counts of values by upper bound.
package struct Histogram: Sendable {
  private let bounds: [Double]
  private var counts: [Int]
  package private(set) var sum = 0.0
  package private(set) var count = 0

  /// `bounds` are upper bounds (inclusive), ascending; an infinite one is added.
  package init(_ bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// For times from a millisecond to a minute, in seconds.
  package static var seconds: Histogram {
    Histogram([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])
  }

  /// For sizes from 100 bytes to 128 MB.
  package static var bytes: Histogram { Histogram([100, 1e3, 1e4, 1e5, 1e6, 4e6, 16e6, 64e6, 128e6]) }

  package mutating func observe(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
    count += 1
  }

  /// For each bound, and for infinity, the number of values up to it.
  var cumulative: [(bound: Double, count: Int)] {
    var total = 0
    return zip(bounds + [.infinity], counts).map { bound, count in
      total += count
      return (bound, total)
    }
  }
}
