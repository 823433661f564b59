import SnapshotView

/// What happens to a result.
public enum ResultChange: Sendable {
  /// The result of this generation follows from its beginning; what was said before is void. The first change, and one after each
  /// switch (`recompute switch`) and each interruption.
  case began(generation: Int)
  /// Everything that there was when the generation began has been delivered. Once after each `began`.
  case complete
  /// A snapshot is new, or replaces that of the same partner, cell and month.
  case snapshot(PartnerSnapshot)
  /// There is no such snapshot any more.
  case removedSnapshot(SnapshotName)
  /// Ranges are new, or replace those of the same cell and month.
  case ranges(CellRanges)
  /// There are no such ranges any more.
  case removedRanges(ResultCell, month: String)
  /// So many records could not be decoded.
  case unreadable(records: Int)
  /// Reading failed for a reason that may pass; it is tried again, and goes on with `began`.
  case interrupted(reason: String)

  init(_ publication: Publication) {
    switch publication {
    case .snapshot(let snapshot): self = .snapshot(PartnerSnapshot(snapshot))
    case .scale(let scale): self = .ranges(CellRanges(scale))
    case .removedSnapshot(let key):
      self = .removedSnapshot(
        SnapshotName(partner: key.partnerID, cell: ResultCell(key.cell), month: key.month))
    case .removedScale(let key): self = .removedRanges(ResultCell(key.cell), month: key.month)
    }
  }
}
