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
