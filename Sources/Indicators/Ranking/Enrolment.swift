import Contract

/// The months in which a partner is eligible.
struct Enrolment: Equatable {
  /// Ascending, and not adjacent.
  private var ranges: [Range<Month>] = []

  init() {}

  init(_ ranges: [MonthRange]) {
    self.ranges = ranges.compactMap {
      let (from, until) = (Month(index: $0.from), $0.until.map { Month(index: $0) } ?? .never)
      return from < until ? from..<until : nil
    }
  }

  func isEligible(in month: Month) -> Bool { ranges.contains { $0.contains(month) } }

  var messages: [MonthRange] {
    ranges.map {
      MonthRange(from: $0.lowerBound.index, until: $0.upperBound == .never ? nil : $0.upperBound.index)
    }
  }
}
