import Contract
import Indicators

/// What a compacted log would hold of what was written.
struct CompactedOutputs {
  private var values: [RecordKey: [UInt8]] = [:]

  /// Takes in a record; one without a value removes its key.
  mutating func take(_ frame: Frame) { values[frame.recordKey] = frame.value }

  /// The keys under which another result is found in `other`.
  func differences(from other: CompactedOutputs) -> [String] {
    Set(values.keys).union(other.values.keys).filter { key in
      let (value, another) = (values[key], other.values[key])
      // Most are the same to the byte, which is told faster.
      return value != another && Self.result(key.topic, value) != Self.result(key.topic, another)
    }.map(\.description).sorted()
  }

  /// The part of a value that is the result: not up to which event a task had read, but for its month. Nil where nothing
  /// is said, as of a partner that is eligible in no month any more.
  private static func result(_ topic: Topic, _ value: [UInt8]?) -> [UInt8]? {
    value?.withUnsafeBytes { bytes in
      if topic == .indicatorSnapshots, var snapshot = try? IndicatorSnapshot(protobuf: bytes) {
        snapshot.asOf = nil
        return snapshot.protobuf
      }
      if topic == .partnerPartials, var partial = try? PartnerPartial(protobuf: bytes) {
        let month = partial.newestEventTime.map { Month(containing: $0) }
        partial.newestEventTime = nil
        if partial.partnerID.isEmpty { return Array("\(month?.description ?? "")".utf8) }
        return partial.rows.isEmpty && partial.eligible.isEmpty ? nil : partial.protobuf
      }
      return Array(bytes)
    }
  }
}
