import Contract

/// A record to publish: a value under a key, or a tombstone.
package enum RankingUpdate: Sendable {
  case snapshot(IndicatorSnapshot)
  case snapshotRemoved(partnerID: String, cell: Cell, month: Month)
  case scale(IndicatorScale)
  case scaleRemoved(cell: Cell, month: Month)
}
