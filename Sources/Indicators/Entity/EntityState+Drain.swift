import Contract

extension EntityState {
  /// Calls `body` with each partner and cell whose contributions changed since they were last told, in absolute values, as long
  /// as there is room; a partial without rows means that nothing is left. Returns whether that was all. `source` is this task's
  /// partition.
  @discardableResult
  public func drainContributions(
    source: UInt32, while hasRoom: () -> Bool = { true }, body: (PartnerPartial) -> Void
  ) -> Bool {
    var partial = PartnerPartial()
    partial.source = source
    partial.newestEventTime = clock.newest
    return aggregates.drain(base: base, while: hasRoom) { key, rows in
      partial.partnerID = partners.names[Int(key.partner)]
      partial.cell = cell(of: key)
      partial.rows = rows
      body(partial)
    }
  }

  /// Calls `body` with each partner whose eligibility changed since the last call.
  public func drainEnrolments(source: UInt32, _ body: (PartnerPartial) -> Void) {
    var partial = PartnerPartial()
    partial.source = source
    partial.newestEventTime = clock.newest
    partners.drainEnrolments { partnerID, months in
      partial.partnerID = partnerID
      partial.eligible = months
      body(partial)
    }
  }

  /// Takes all changes as told.
  public func discardChanges() {
    aggregates.discardChanges()
    partners.discardChanges()
  }

  private func cell(of key: AggregateKey) -> Cell {
    let side = catalog.sides[Int(key.side)]
    return Cell(product: side.product, workload: side.workload, country: key.location.description)
  }
}
