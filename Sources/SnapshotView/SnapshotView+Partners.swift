import Contract

extension SnapshotView {
  /// A partner, with the location of its snapshot of a cell and month.
  package struct PartnerPlace: Sendable {
    package let id: String
    package let place: SnapshotPlace
  }

  /// The location of a snapshot. Valid only in the view that it comes from, until that changes.
  package struct SnapshotPlace: Sendable {
    fileprivate let key: Key
    fileprivate let row: RowStore.Place
  }

  /// The partners that have a snapshot of this cell and month, in no order. O(n) in all partners.
  package func partnerPlaces(of cell: Cell, month: String) -> [PartnerPlace] {
    guard let cellMonth = cellMonthNumber(cell, month) else { return [] }
    return partners.indices.compactMap { number in
      let key = Key(partner: number, cellMonth: cellMonth)
      return places[key].map { PartnerPlace(id: partners[number], place: SnapshotPlace(key: key, row: $0)) }
    }
  }

  package func snapshot(of place: SnapshotPlace) -> IndicatorSnapshot { snapshot(place.key, place.row) }

  /// The value of one indicator; nil if it is undefined. Cheaper than decoding the snapshot.
  package func value(of kind: IndicatorKind, at place: SnapshotPlace) -> Double? {
    rows.withRow(place.row) { PackedSnapshot.value(of: kind, in: $0) }
  }

  /// The cells that have a scale, and so any partner, in this month, in the order of (product, workload, country), each compared
  /// by its bytes. O(n) in all cells.
  package func cells(inMonth month: String) -> [Cell] {
    guard let month = months.number(of: month) else { return [] }
    return cells.ordered.filter { scales[CellMonth(cell: $0, month: month)] != nil }.map { cells[$0] }
  }

  /// Whether this partner has, or had, a snapshot. O(1).
  package func hasPartner(_ id: String) -> Bool { partners.number(of: id) != nil }
}
