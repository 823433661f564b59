import Contract

/// The filter of a listing; nil selects everything. Empty texts select the totals ("all" of cells).
package struct ResultFilter: Sendable {
  package var partnerID: String?
  package var product: String?
  package var workload: String?
  package var country: String?
  package var month: String?

  package init() {}

  /// Whether the parts of the filter that concern cells accept `cell`.
  func accepts(_ cell: Cell) -> Bool {
    accepts(cell.product, product) && accepts(cell.workload, workload) && accepts(cell.country, country)
  }

  private func accepts(_ text: String, _ wanted: String?) -> Bool { wanted.map(text.hasSameUTF8) ?? true }
}

extension SnapshotView {
  /// The months in which this cell has a scale, in order. O(n log n) in all months.
  package func months(of cell: Cell) -> [String] {
    guard let number = cells.number(of: cell) else { return [] }
    return months.indices.filter { scales[CellMonth(cell: number, month: $0)] != nil }
      .map { ExactText(months[$0]) }.sorted().map(\.text)
  }

  /// Calls `body` with each snapshot that the filter accepts, in the order of (partner, product, workload, country,
  /// month), each compared by its bytes. O(n log n) of all snapshots.
  package func forEachSnapshot(_ filter: ResultFilter, _ body: (IndicatorSnapshot) throws -> Void) rethrows {
    guard let months = acceptedMonths(filter) else { return }
    var partner: UInt32?
    if let id = filter.partnerID {
      guard let number = partners.number(of: id) else { return }
      partner = number
    }
    let isAccepted = cellMonths.all.map { filter.accepts(cells[$0.cell]) && months.contains($0.month) }
    let keys = places.keys.filter {
      isAccepted[Int($0.cellMonth)] && (partner == nil || $0.partner == partner)
    }
    let (partnerRanks, cellRanks, monthRanks) = (partners.ranks(), cells.ranks(), self.months.ranks())
    let cellMonthRanks = cellMonths.all.map { (cellRanks[Int($0.cell)], monthRanks[Int($0.month)]) }
    let sorted = keys.sorted { left, right in
      if left.partner != right.partner {
        return partnerRanks[Int(left.partner)] < partnerRanks[Int(right.partner)]
      }
      return cellMonthRanks[Int(left.cellMonth)] < cellMonthRanks[Int(right.cellMonth)]
    }
    for key in sorted {
      if let place = places[key] { try body(snapshot(key, place)) }
    }
  }

  /// Calls `body` with each scale that the filter accepts, in the order of (product, workload, country, month), each
  /// compared by its bytes. Scales belong to no partner, so a filter with a partner accepts none.
  package func forEachScale(_ filter: ResultFilter, _ body: (IndicatorScale) throws -> Void) rethrows {
    guard filter.partnerID == nil, let months = acceptedMonths(filter) else { return }
    let keys = scales.keys.filter { filter.accepts(cells[$0.cell]) && months.contains($0.month) }
    let (cellRanks, monthRanks) = (cells.ranks(), self.months.ranks())
    let sorted = keys.sorted { left, right in
      if left.cell != right.cell { return cellRanks[Int(left.cell)] < cellRanks[Int(right.cell)] }
      return monthRanks[Int(left.month)] < monthRanks[Int(right.month)]
    }
    for key in sorted {
      if let scale = scale(key) { try body(scale) }
    }
  }

  /// The numbers of the months that the filter accepts; nil if there are none.
  private func acceptedMonths(_ filter: ResultFilter) -> Range<UInt32>? {
    guard let month = filter.month else { return 0..<UInt32(months.count) }
    return months.number(of: month).map { $0..<$0 + 1 }
  }
}
