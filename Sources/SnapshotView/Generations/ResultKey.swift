import Contract

/// A key of a result: an output topic and the key of a record in it.
package struct ResultKey: Hashable, Comparable, Sendable {
  package var topic: Topic
  package var bytes: [UInt8]

  init(_ topic: Topic, _ key: String) {
    self.topic = topic
    bytes = Array(key.utf8)
  }

  init(_ key: SnapshotKey) {
    self.init(
      .indicatorSnapshots, IndicatorSnapshot.key(partnerID: key.partnerID, cell: key.cell, month: key.month))
  }

  init(_ key: ScaleKey) { self.init(.indicatorScales, IndicatorScale.key(cell: key.cell, month: key.month)) }

  init(_ publication: Publication) {
    switch publication {
    case .snapshot(let snapshot): self.init(.indicatorSnapshots, snapshot.key)
    case .scale(let scale): self.init(.indicatorScales, scale.key)
    case .removedSnapshot(let key): self.init(key)
    case .removedScale(let key): self.init(key)
    }
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package static func < (left: ResultKey, right: ResultKey) -> Bool {
    if left.topic != right.topic { return left.topic.rawValue < right.topic.rawValue }
    return left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// The value of a key in a result, without `as_of`, which is not part of the result.
package enum ResultValue: Hashable, Sendable {
  case snapshot(IndicatorSnapshot)
  case scale(IndicatorScale)

  init(_ snapshot: IndicatorSnapshot) {
    var timeless = snapshot
    timeless.asOf = nil
    self = .snapshot(timeless)
  }

  /// Writes it in the same form as listings of results.
  package func writeResult(to json: inout JSONWriter) {
    switch self {
    case .snapshot(let snapshot): snapshot.writeResult(to: &json)
    case .scale(let scale): scale.writeResult(to: &json)
    }
  }
}
