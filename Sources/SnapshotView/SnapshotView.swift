import Contract

/// The current result: the newest snapshot and scale of each key. Takes about 100 bytes for each snapshot.
package struct SnapshotView: Sendable {
  struct Key: Hashable, Sendable {
    var partner: UInt32
    /// A number of `cellMonths`.
    var cellMonth: UInt32
  }

  var partners = TextTable()
  var cells = CellTable()
  var months = TextTable()
  var cellMonths = CellMonthTable()
  var places: [Key: RowStore.Place] = [:]
  var rows = RowStore()
  /// Encoded as protobuf, since they are few and read one at a time.
  var scales: [CellMonth: [UInt8]] = [:]

  /// The newest `as_of` of any snapshot that was applied; nil if there was none.
  package private(set) var newestEvent: Timestamp?

  package init() {}

  package var snapshotCount: Int { places.count }
  package var scaleCount: Int { scales.count }

  /// Applies a record, which replaces earlier ones with the same key. O(1).
  package mutating func apply(_ publication: Publication) {
    switch publication {
    case .snapshot(let snapshot): put(snapshot)
    case .scale(let scale):
      let key = CellMonth(cell: cells.insert(scale.cell ?? Cell()), month: months.insert(scale.month))
      scales[key] = scale.protobuf
    case .removedSnapshot(let key):
      guard let key = find(key), let place = places.removeValue(forKey: key) else { return }
      rows.remove(place)
      compactIfNeeded()
    case .removedScale(let key):
      if let key = find(key) { scales[key] = nil }
    }
  }

  private mutating func put(_ snapshot: IndicatorSnapshot) {
    if let time = snapshot.asOf, newestEvent.map({ $0 < time }) ?? true { newestEvent = time }
    let cellMonth = CellMonth(
      cell: cells.insert(snapshot.cell ?? Cell()), month: months.insert(snapshot.month))
    let key = Key(partner: partners.insert(snapshot.partnerID), cellMonth: cellMonths.insert(cellMonth))
    let row = PackedSnapshot(snapshot).bytes
    if let place = places[key] {
      places[key] = rows.replace(place, with: row)
      compactIfNeeded()
    } else {
      places[key] = rows.append(row)
    }
  }

  private mutating func compactIfNeeded() {
    guard rows.isMostlyFree else { return }
    var compacted = RowStore()
    for (key, place) in places { places[key] = rows.withRow(place) { compacted.append($0) } }
    rows = compacted
  }

  /// The snapshot of this partner, cell and month, or nil if there is none. O(1).
  package func snapshot(of key: SnapshotKey) -> IndicatorSnapshot? {
    find(key).flatMap { key in places[key].map { snapshot(key, $0) } }
  }

  /// The scale of this cell and month, or nil if there is none. O(1).
  package func scale(of key: ScaleKey) -> IndicatorScale? { find(key).flatMap(scale) }

  func snapshot(_ key: Key, _ place: RowStore.Place) -> IndicatorSnapshot {
    var snapshot = IndicatorSnapshot()
    snapshot.partnerID = partners[key.partner]
    let cellMonth = cellMonths[key.cellMonth]
    snapshot.cell = cells[cellMonth.cell]
    snapshot.month = months[cellMonth.month]
    rows.withRow(place) { PackedSnapshot.unpack($0, into: &snapshot) }
    return snapshot
  }

  func scale(_ key: CellMonth) -> IndicatorScale? {
    // Cannot fail: this view encoded it.
    scales[key].flatMap { bytes in bytes.withUnsafeBytes { try? IndicatorScale(protobuf: $0) } }
  }

  private func find(_ key: SnapshotKey) -> Key? {
    guard let partner = partners.number(of: key.partnerID),
      let cellMonth = cellMonthNumber(key.cell, key.month)
    else { return nil }
    return Key(partner: partner, cellMonth: cellMonth)
  }

  private func find(_ key: ScaleKey) -> CellMonth? { cellMonth(key.cell, key.month) }

  private func cellMonth(_ cell: Cell, _ month: String) -> CellMonth? {
    guard let cell = cells.number(of: cell), let month = months.number(of: month) else { return nil }
    return CellMonth(cell: cell, month: month)
  }

  /// The number of this cell and month; nil if no snapshot has, or had, them.
  func cellMonthNumber(_ cell: Cell, _ month: String) -> UInt32? {
    cellMonth(cell, month).flatMap(cellMonths.number)
  }
}
