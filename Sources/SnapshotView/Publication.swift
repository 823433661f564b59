import Contract
import EventLog

/// What a record of an output topic says.
public enum Publication: Sendable {
  case snapshot(IndicatorSnapshot)
  case scale(IndicatorScale)
  case removedSnapshot(SnapshotKey)
  case removedScale(ScaleKey)

  /// Nil for a record of another topic, and for a tombstone whose key is none of the contract's. Throws if the value is
  /// no message.
  public init?(_ record: Record) throws(DecodingError) {
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
