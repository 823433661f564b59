import Contract

/// One indicator of a partner, and where it stands among all.
package struct IndicatorReport: Sendable, Hashable {
  package var kind: IndicatorKind
  /// Nil where it is undefined (a ratio to nothing).
  package var value: Double?
  /// The same for the month before.
  package var previous: Double?
  package var trend: Trend
  /// How many partners have a value.
  package var partners: Int
  /// Four, in order; none where nobody has a value.
  package var segments: [Segment]
  /// The twelve months that end with that of the report, the oldest first.
  package var history: [HistoryPoint]

  /// The segment that the partner is in; nil where there is no value.
  package var ownSegment: Segment? { segments.first { $0.isOwn } }
}

/// An indicator's value in one month.
package struct HistoryPoint: Sendable, Hashable {
  /// Such as "2026-11".
  package var month: String
  /// Nil where there is no snapshot, and where the value is undefined.
  package var value: Double?
}
