/// The four bars of one indicator in a cell and month (SEMANTICS, "Bars").
struct Bars: Equatable {
  struct Bar: Equatable {
    var partners: Int
    /// The least and greatest value in it; nil for an empty bar.
    var range: ClosedRange<Ratio>?
  }

  /// q_1 ... q_4; nil if no partner has a value.
  private(set) var quartiles: InlineQuartiles?
  private(set) var bars = [Bar](repeating: Bar(partners: 0, range: nil), count: 4)
  private(set) var partners = 0

  init() {}

  /// O(sqrt n).
  init(_ values: OrderStatistics) {
    let n = values.count
    partners = n
    guard n > 0 else { return }
    func value(rank: Int) -> Ratio { values.value(rank: rank) }
    func quartile(_ b: Int) -> Ratio { value(rank: (b * n + 3) / 4) }
    let quartiles = InlineQuartiles(q1: quartile(1), q2: quartile(2), q3: quartile(3), q4: quartile(4))
    self.quartiles = quartiles
    var below = 0
    for b in 1...4 {
      let through = values.count(through: quartiles[b])
      if through > below {
        bars[b - 1] = Bar(partners: through - below, range: value(rank: below + 1)...quartiles[b])
      }
      below = through
    }
  }

  /// Whether both are published alike: their values are equal as doubles.
  func looksLike(_ other: Bars) -> Bool {
    partners == other.partners
      && zip(bars, other.bars).allSatisfy {
        $0.partners == $1.partners && $0.range?.lowerBound.double == $1.range?.lowerBound.double
          && $0.range?.upperBound.double == $1.range?.upperBound.double
      }
  }

  /// The bar of a value: the least b with value <= q_b.
  func bar(of value: Ratio) -> Int32? {
    guard let quartiles else { return nil }
    return value <= quartiles.q1 ? 1 : value <= quartiles.q2 ? 2 : value <= quartiles.q3 ? 3 : 4
  }
}

/// q_1 ... q_4.
struct InlineQuartiles: Equatable {
  var q1: Ratio
  var q2: Ratio
  var q3: Ratio
  var q4: Ratio

  subscript(b: Int) -> Ratio {
    switch b {
    case 1: q1
    case 2: q2
    case 3: q3
    default: q4
    }
  }
}
