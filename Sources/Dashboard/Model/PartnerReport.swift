import Contract

/// What one partner may see of itself and of the others, under filters and in a month. The page and the API both render
/// this value and nothing else.
public struct PartnerReport: Sendable {
  public var partnerID: String
  public var cell: Cell
  /// The month of the report, such as "2026-11"; empty as long as there is no result at all.
  public var month: String
  /// The months that there are, the oldest first.
  public var months: [String]
  public var choices: FilterChoices
  /// Seven, in the order of `IndicatorKind`; none if the partner has no snapshot under these filters in this month.
  public var indicators: [IndicatorReport]
  /// The whole numbers that the indicators are made of; nil if there is no snapshot.
  public var components: Components?
  /// The newest event time that the snapshot took in; nil if there is none.
  public var asOf: Timestamp?

  /// Whether the partner has a snapshot under these filters in this month.
  public var hasSnapshot: Bool { !indicators.isEmpty }

  /// Whether the month is not over yet: the newest one never is.
  public var isInProgress: Bool { months.last.map { $0.hasSameUTF8(as: month) } ?? false }

  public subscript(kind: IndicatorKind) -> IndicatorReport? { indicators.first { $0.kind == kind } }
}
