import Contract

/// One indicator of a partner, and where it stands among all.
package struct IndicatorReport: Sendable, Hashable {
  package var kind: IndicatorKind
  /// Nil where it is undefined (a ratio to nothing).
  package var value: Double?
  /// The same for the month before.
  package var previous: Double?
  /// The same for the same month a year before; nil if it is undefined or not published.
  package var yearAgo: Double?
  package var trend: Trend
  /// How many partners have a value.
  package var partners: Int
  /// Four, in order; none where nobody has a value.
  package var segments: [Segment]
  /// The twelve months that end with that of the report, the oldest first.
  package var history: [HistoryPoint]

  /// The segment that the partner is in; nil where there is no value.
  package var ownSegment: Segment? { segments.first { $0.isOwn } }

  /// Where in the range of its segment the partner's value is: 0 for the least, 1 for the greatest; nil where the range is not
  /// shown, or is one value.
  package var place: Double? {
    guard let value, case .shown(let least, let greatest)? = ownSegment?.range, least < greatest else {
      return nil
    }
    return min(1, max(0, (value - least) / (greatest - least)))
  }

  /// The least and the greatest value of all partners, as far as they are shown.
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
