// Only a partner's id may hold a bar, and it comes first (a source partition before it is a number): keys are unique.

extension Cell {
  /// "product|workload|country".
  public var key: String { "\(product)|\(workload)|\(country)" }
}

extension IndicatorSnapshot {
  /// "partner_id|product|workload|country|month". The record's partition is that of the partner's id alone.
  public var key: String { "\(partnerID)|\((cell ?? Cell()).key)|\(month)" }
}

extension IndicatorScale {
  /// "product|workload|country|month".
  public var key: String { "\((cell ?? Cell()).key)|\(month)" }
}

extension PartnerPartial {
  /// "source|partner_id|product|workload|country". The record's partition is that of the cell's key alone.
  public var key: String { "\(source)|\(partnerID)|\((cell ?? Cell()).key)" }
}
