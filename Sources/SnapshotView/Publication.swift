import Contract
import EventLog

/// A decoded record of an output topic.
package enum Publication: Sendable {
  case snapshot(IndicatorSnapshot)
  case scale(IndicatorScale)
  case removedSnapshot(SnapshotKey)
  case removedScale(ScaleKey)

  /// Nil for a record of another topic, and for a tombstone with an invalid key. Throws if the value cannot be decoded.
  package init?(_ record: Record) throws(DecodingError) {
    switch (record.topic, record.value) {
    case (.indicatorSnapshots, let value?): self = .snapshot(try IndicatorSnapshot(payload: value))
    case (.indicatorScales, let value?): self = .scale(try IndicatorScale(payload: value))
    case (.indicatorSnapshots, nil):
      guard let key = record.key.flatMap({ SnapshotKey(recordKey: $0) }) else { return nil }
      self = .removedSnapshot(key)
    case (.indicatorScales, nil):
      guard let key = record.key.flatMap({ ScaleKey(recordKey: $0) }) else { return nil }
      self = .removedScale(key)
    default: return nil
    }
  }
}
