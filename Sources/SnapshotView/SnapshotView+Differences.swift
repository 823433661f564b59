import Contract

extension SnapshotView {
  /// The value of a key, or nil if there is none. O(1).
  package func value(of key: ResultKey) -> ResultValue? {
    key.bytes.withUnsafeBytes { bytes in
      key.topic == .indicatorScales
        ? ScaleKey(recordKey: bytes).flatMap(scale(of:)).map(ResultValue.scale)
        : SnapshotKey(recordKey: bytes).flatMap(snapshot(of:)).map { ResultValue($0) }
    }
  }

  /// Calls `body` with each key whose value differs from that in `other`, or is missing from one of the two, and with both
  /// values. Returns the number of keys in either of them. O(n).
  func forEachDifference(
    from other: SnapshotView, _ body: (ResultKey, ResultValue?, ResultValue?) -> Void
  ) -> Int {
    var inOther = 0
    func compare(_ key: ResultKey, _ own: ResultValue?) {
      let value = other.value(of: key)
      if value != nil { inOther += 1 }
      if value != own { body(key, own, value) }
    }
    for (key, place) in places {
      let snapshot = snapshot(key, place)
      compare(ResultKey(.indicatorSnapshots, snapshot.key), ResultValue(snapshot))
    }
    for scale in scales.keys.compactMap(scale) {
      compare(ResultKey(.indicatorScales, scale.key), .scale(scale))
    }
    for (key, place) in other.places {
      let snapshot = other.snapshot(key, place)
      let resultKey = ResultKey(.indicatorSnapshots, snapshot.key)
      if value(of: resultKey) == nil { body(resultKey, nil, ResultValue(snapshot)) }
    }
    for scale in other.scales.keys.compactMap(other.scale) {
      let key = ResultKey(.indicatorScales, scale.key)
      if value(of: key) == nil { body(key, nil, .scale(scale)) }
    }
    let all = places.count + scales.count
    return all + other.places.count + other.scales.count - inOther
  }
}
