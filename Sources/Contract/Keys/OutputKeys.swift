// Only a partner's id may contain "|", and it comes first, so keys are unique.

extension Cell {
  /// "product|workload|country".
  public var key: String { "\(product)|\(workload)|\(country)" }
}

extension IndicatorSnapshot {
  /// "partner_id|product|workload|country|month". The record's partition is that of the partner's id alone.
  public static func key(partnerID: String, cell: Cell, month: String) -> String {
    "\(partnerID)|\(cell.key)|\(month)"
  }

  public var key: String { Self.key(partnerID: partnerID, cell: cell ?? Cell(), month: month) }
}

extension IndicatorScale {
  /// "product|workload|country|month".
  public static func key(cell: Cell, month: String) -> String { "\(cell.key)|\(month)" }

  public var key: String { Self.key(cell: cell ?? Cell(), month: month) }
}
