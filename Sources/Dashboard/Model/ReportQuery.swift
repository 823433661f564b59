import Contract

/// What is asked of the result: one partner, under filters, in a month.
public struct ReportQuery: Sendable {
  public var partnerID: String
  public var cell: Cell
  /// Such as "2026-11"; nil for the newest there is.
  public var month: String?

  public init(partnerID: String, cell: Cell = Cell(), month: String? = nil) {
    self.partnerID = partnerID
    self.cell = cell
    self.month = month
  }
}
