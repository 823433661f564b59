import Contract

/// One indicator of a partner, and where it stands among all.
public struct IndicatorReport: Sendable, Hashable {
  public var kind: IndicatorKind
  /// Nil where it is undefined (a ratio to nothing).
  public var value: Double?
  /// The same for the month before.
  public var previous: Double?
  public var trend: Trend
  /// How many partners have a value.
  public var partners: Int
  /// Four, in order; none where nobody has a value.
  public var segments: [Segment]
  /// The twelve months that end with that of the report, the oldest first.
  public var history: [HistoryPoint]

  /// The segment that the partner is in; nil where there is no value.
  public var ownSegment: Segment? { segments.first { $0.isOwn } }
}

/// An indicator's value in one month.
public struct HistoryPoint: Sendable, Hashable {
  /// Such as "2026-11".
  public var month: String
  /// Nil where there is no snapshot, and where the value is undefined.
  public var value: Double?
}
