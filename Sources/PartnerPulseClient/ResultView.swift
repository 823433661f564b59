import Contract
import SnapshotView

/// The current result in memory, by partner, cell and month: about 100 bytes for each snapshot.
///
/// Apply the changes of a ``ResultChanges`` to it. It is a value, so readers on other threads get copies. While a generation is
/// being read, the view answers from the one before until the new one is complete, so no answer mixes two.
///
/// ```swift
/// var view = ResultView()
/// for try await change in ResultChanges(of: .sqlite("partner-pulse.db")) {
///   view.apply(change)
///   if case .complete = change { break }
/// }
/// let cell = ResultCell(product: "business-central")
/// for snapshot in view.snapshots(in: cell, month: "2026-11") {
///   print(snapshot.partner, snapshot[.certifiedIndividuals]?.bar ?? 0)
/// }
/// ```
public struct ResultView: Sendable {
  private var view = SnapshotView()
  /// The generation that is being read, until it is complete.
  private var next: (generation: Int, view: SnapshotView)?
  /// The generation that answers come from; nil before the first is complete.
  public private(set) var generation: Int?

  /// A view without any result.
  public init() {}

  /// Applies a change. Amortized O(1); a single call may take O(n) in the number of snapshots.
  public mutating func apply(_ change: ResultChange) {
    switch change {
    case .began(let generation): next = (generation, SnapshotView())
    case .complete:
      guard let next else { return }
      (generation, view, self.next) = (next.generation, next.view, nil)
    case .snapshot(let snapshot): take(.snapshot(snapshot.message))
    case .ranges(let ranges): take(.scale(ranges.message))
    case .removedSnapshot(let name):
      take(
        .removedSnapshot(
          SnapshotKey(partnerID: name.partner, cell: name.cell.message, month: name.month)))
    case .removedRanges(let cell, let month): take(.removedScale(ScaleKey(cell: cell.message, month: month)))
    case .unreadable, .interrupted: break
    }
  }

  private mutating func take(_ publication: Publication) {
    if next == nil { view.apply(publication) } else { next?.view.apply(publication) }
  }

  /// How many snapshots there are, of all partners, cells and months. O(1).
  public var count: Int { view.snapshotCount }

  /// The snapshot of a partner; nil if there is none. O(1).
  public func snapshot(of partner: String, in cell: ResultCell = .all, month: String) -> PartnerSnapshot? {
    view.snapshot(of: SnapshotKey(partnerID: partner, cell: cell.message, month: month))
      .map(PartnerSnapshot.init)
  }

  /// The ranges of the segments in a cell and month; nil if there are none. O(1).
  public func ranges(in cell: ResultCell = .all, month: String) -> CellRanges? {
    view.scale(of: ScaleKey(cell: cell.message, month: month)).map(CellRanges.init)
  }

  /// The snapshots of all partners in a cell and month, ordered by the bytes of the partners' ids. O(n log n) in all partners.
  public func snapshots(in cell: ResultCell = .all, month: String) -> [PartnerSnapshot] {
    partners(in: cell, month: month).compactMap { snapshot(of: $0, in: cell, month: month) }
  }

  /// The snapshots of a partner in all cells, of one month or of all (nil), ordered by the bytes of product, workload, country and
  /// month. O(n) in all snapshots.
  public func snapshots(of partner: String, month: String? = nil) -> [PartnerSnapshot] {
    var filter = ResultFilter()
    (filter.partnerID, filter.month) = (partner, month)
    var found: [PartnerSnapshot] = []
    view.forEachSnapshot(filter) { found.append(PartnerSnapshot($0)) }
    return found
  }

  /// The ids of the partners that have a snapshot in a cell and month, ordered by their bytes. O(n log n) in all partners.
  public func partners(in cell: ResultCell = .all, month: String) -> [String] {
    view.partners(of: cell.message, month: month)
  }

  /// The cells in which a partner has a snapshot in a month, ordered by the bytes of product, workload and country. O(n) in all
  /// cells.
  public func cells(of partner: String, month: String) -> [ResultCell] {
    view.cells(ofPartner: partner, month: month).map(ResultCell.init)
  }

  /// The months in which a cell has a result, such as "2026-11", the oldest first. O(n log n) in all months.
  public func months(in cell: ResultCell = .all) -> [String] { view.months(of: cell.message) }
}
