import Contract

/// One indicator of a partner, and how it compares with all partners.
package struct IndicatorReport: Sendable, Hashable {
  package var kind: IndicatorKind
  /// Nil where it is undefined (a ratio to nothing).
  package var value: Double?
  /// The value for the month before.
  package var previous: Double?
  /// The value for the same month a year before; nil if it is undefined or not published.
  package var yearAgo: Double?
  package var trend: Trend
  /// How many partners have a value.
  package var partners: Int
  /// Four, in order; empty where no partner has a value.
  package var segments: [Segment]
  /// The twelve months that end with the report's, the oldest first.
  package var history: [HistoryPoint]

  /// The segment that the partner is in; nil where there is no value.
  package var ownSegment: Segment? { segments.first { $0.isOwn } }

  /// Where the partner's value is within the range of its segment, from 0 (the least) to 1 (the greatest); nil if the range is
  /// withheld or is a single value.
  package var place: Double? {
    guard let value, case .shown(let least, let greatest)? = ownSegment?.range, least < greatest else {
      return nil
    }
    return min(1, max(0, (value - least) / (greatest - least)))
  }

  /// The least and the greatest value of all partners, as shown; nil if ranges are withheld.
  package var ends: (least: Double, greatest: Double)? {
    var ends: (least: Double, greatest: Double)?
    for segment in segments {
      if case .shown(let least, let greatest) = segment.range { ends = (ends?.least ?? least, greatest) }
    }
    return ends
  }
}

/// An indicator's value in one month.
package struct HistoryPoint: Sendable, Hashable {
  /// Such as "2026-11".
  package var month: String
  /// Nil where there is no snapshot, and where the value is undefined.
  package var value: Double?
}
