import Contract

/// Which report is requested: one partner, in a cell and month.
package struct ReportQuery: Sendable {
  package var partnerID: String
  package var cell: Cell
  /// Such as "2026-11"; nil for the newest month.
  package var month: String?

  package init(partnerID: String, cell: Cell = Cell(), month: String? = nil) {
    self.partnerID = partnerID
    self.cell = cell
    self.month = month
  }
}

/// What one partner may see of itself and of the others in a cell and month. The page and the API both render this value and
/// nothing else.
package struct PartnerReport: Sendable {
  package var partnerID: String
  package var cell: Cell
  /// The month of the report, such as "2026-11"; empty while there is no result at all.
  package var month: String
  /// The months that have results, the oldest first.
  package var months: [String]
  package var choices: FilterChoices
  /// Seven, in the order of `IndicatorKind`; empty if the partner has no snapshot in this cell and month.
  package var indicators: [IndicatorReport]
  /// The whole numbers that the indicators are computed from; nil if there is no snapshot.
  package var components: Components?
  /// The newest event time that the snapshot reflects; nil if there is no snapshot.
  package var asOf: Timestamp?

  /// Whether the partner has a snapshot in this cell and month.
  package var hasSnapshot: Bool { !indicators.isEmpty }

  /// Whether the month may still change: it is the newest one.
  package var isInProgress: Bool { months.last.map { $0.hasSameUTF8(as: month) } ?? false }

  package subscript(kind: IndicatorKind) -> IndicatorReport? { indicators.first { $0.kind == kind } }
}
