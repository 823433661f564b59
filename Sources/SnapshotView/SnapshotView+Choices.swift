import Contract

extension SnapshotView {
  /// The cells in which this partner has a snapshot for this month, in the order of (product, workload, country), each
  /// compared by its bytes. O(n) in all cells.
  package func cells(ofPartner partnerID: String, month: String) -> [Cell] {
    guard let partner = partners.number(of: partnerID), let month = months.number(of: month) else {
      return []
    }
    return cells.ordered.filter { cell in
      cellMonths.number(of: CellMonth(cell: cell, month: month))
        .map { places[Key(partner: partner, cellMonth: $0)] != nil } ?? false
    }.map { cells[$0] }
  }

  /// The partners that have a snapshot of this cell and month and for which `isWanted` returns true, in the order of their ids'
  /// bytes. O(n + m log m) for n partners in all and m in the result.
  package func partners(
    of cell: Cell, month: String, where isWanted: (String) -> Bool = { _ in true }
  ) -> [String] {
    guard let cellMonth = cellMonthNumber(cell, month) else { return [] }
    return partners.indices
      .filter { places[Key(partner: $0, cellMonth: cellMonth)] != nil }
      .map { ExactText(partners[$0]) }.filter { isWanted($0.text) }.sorted().map(\.text)
  }

  /// The number of partners that have, or had, a snapshot. O(1).
  package var partnerCount: Int { partners.count }

  /// Whether any cell has this product and workload. O(cells).
  package func hasWorkload(_ workload: String, ofProduct product: String) -> Bool {
    cells.indices.contains {
      cells[$0].product.hasSameUTF8(as: product) && cells[$0].workload.hasSameUTF8(as: workload)
    }
  }
}
