import Contract

/// What is asked of the result: one partner, under filters, in a month.
package struct ReportQuery: Sendable {
  package var partnerID: String
  package var cell: Cell
  /// Such as "2026-11"; nil for the newest there is.
  package var month: String?

  package init(partnerID: String, cell: Cell = Cell(), month: String? = nil) {
    self.partnerID = partnerID
    self.cell = cell
    self.month = month
  }
}

/// What one partner may see of itself and of the others, under filters and in a month. The page and the API both render
/// this value and nothing else.
package struct PartnerReport: Sendable {
  package var partnerID: String
  package var cell: Cell
  /// The month of the report, such as "2026-11"; empty as long as there is no result at all.
  package var month: String
  /// The months that there are, the oldest first.
  package var months: [String]
  package var choices: FilterChoices
  /// Seven, in the order of `IndicatorKind`; none if the partner has no snapshot under these filters in this month.
  package var indicators: [IndicatorReport]
  /// The whole numbers that the indicators are made of; nil if there is no snapshot.
  package var components: Components?
  /// The newest event time that the snapshot took in; nil if there is none.
  package var asOf: Timestamp?

  /// Whether the partner has a snapshot under these filters in this month.
  package var hasSnapshot: Bool { !indicators.isEmpty }

  /// Whether the month is not over yet: the newest one never is.
  package var isInProgress: Bool { months.last.map { $0.hasSameUTF8(as: month) } ?? false }

  package subscript(kind: IndicatorKind) -> IndicatorReport? { indicators.first { $0.kind == kind } }
}
