import SnapshotView

/// One change of a result. Values are absolute, never deltas: the newest one for a name replaces all earlier ones.
public enum ResultChange: Sendable {
  /// The whole result of this generation follows; everything delivered before is void. It is the first change, and comes again
  /// after each switch to another generation (`recompute switch`) and after each interruption.
  case began(generation: Int)
  /// Everything that was in the log at the last `began` has been delivered. Comes once after each `began`.
  case complete
  /// A snapshot that is new, or replaces the one with the same ``PartnerSnapshot/key``.
  case snapshot(PartnerSnapshot)
  /// A tombstone: this snapshot no longer exists.
  case removedSnapshot(SnapshotName)
  /// Ranges that are new, or replace those of the same cell and month.
  case ranges(CellRanges)
  /// A tombstone: the ranges of this cell and month no longer exist.
  case removedRanges(ResultCell, month: String)
  /// So many records could not be decoded, and are skipped.
  case unreadable(records: Int)
  /// Reading failed for a reason that may pass, given for people. It is retried after 0.5 s, doubling up to 30 s, and continues
  /// with `began`.
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
