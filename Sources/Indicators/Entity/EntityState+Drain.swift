import Contract

extension EntityState {
  /// Calls `body` with each partner and cell whose contributions have changed since they were last drained, in absolute
  /// values, while there is room; a partial without rows means that nothing is left. Returns whether that was all. `source`
  /// is this task's partition.
  @discardableResult
  package func drainContributions(
    source: UInt32, while hasRoom: () -> Bool = { true }, body: (PartnerPartial) -> Void
  ) -> Bool {
    var partial = PartnerPartial()
    partial.source = source
    partial.newestEventTime = clock.newest
    return contributions.aggregates.drain(base: contributions.base, while: hasRoom) { key, rows in
      partial.partnerID = partners.names[Int(key.partner)]
      partial.cell = key.cell(in: catalog)
      partial.rows = rows
      body(partial)
    }
  }

  /// Calls `body` with each partner whose eligibility changed since the last call.
  package func drainEnrolments(source: UInt32, _ body: (PartnerPartial) -> Void) {
    var partial = PartnerPartial()
    partial.source = source
    partial.newestEventTime = clock.newest
    partners.drainEnrolments { partnerID, months in
      partial.partnerID = partnerID
      partial.eligible = months
      body(partial)
    }
  }

  /// Marks all changes as drained.
  package func discardChanges() {
    contributions.aggregates.discardChanges()
    partners.discardChanges()
  }
}

extension AggregateKey {
  fileprivate func cell(in catalog: Catalog) -> Cell {
    let side = catalog.sides[Int(side)]
    return Cell(product: side.product, workload: side.workload, country: location.description)
  }
}
