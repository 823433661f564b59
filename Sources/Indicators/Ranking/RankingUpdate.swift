import Contract

/// A record to be published: a value under a key, or that there is none any more.
package enum RankingUpdate: Sendable {
  case snapshot(IndicatorSnapshot)
  case snapshotRemoved(partnerID: String, cell: Cell, month: Month)
  case scale(IndicatorScale)
  case scaleRemoved(cell: Cell, month: Month)
}
