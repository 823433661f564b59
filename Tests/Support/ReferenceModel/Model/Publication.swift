import Contract

/// What a subscriber of both output topics holds: the newest value under each key, without `as_of`.
package struct Publication: Equatable {
  /// By the key of the record.
  package private(set) var snapshots: [ModelText: IndicatorSnapshot] = [:]
  package private(set) var scales: [ModelText: IndicatorScale] = [:]

  package init() {}

  /// Returns whether that changes anything.
  @discardableResult
  package mutating func replace(_ snapshot: IndicatorSnapshot) -> Bool {
    snapshots.updateValue(snapshot, forKey: ModelText(snapshot.key)) != snapshot
  }

  /// Returns whether that changes anything.
  @discardableResult
  package mutating func replace(_ scale: IndicatorScale) -> Bool {
    scales.updateValue(scale, forKey: ModelText(scale.key)) != scale
  }

  /// Returns whether there was one.
  package mutating func removeSnapshot(_ key: String) -> Bool {
    snapshots.removeValue(forKey: ModelText(key)) != nil
  }
  package mutating func removeScale(_ key: String) -> Bool {
    scales.removeValue(forKey: ModelText(key)) != nil
  }
}
