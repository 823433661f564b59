import Contract

/// What a subscriber of both output topics holds: the newest value under each key, without `as_of`.
package struct Publication: Equatable {
  /// By the key of the record.
  package private(set) var snapshots: [ExactText: IndicatorSnapshot] = [:]
  package private(set) var scales: [ExactText: IndicatorScale] = [:]

  package init() {}

  /// Returns whether that changes anything.
  @discardableResult
  package mutating func replace(_ snapshot: IndicatorSnapshot) -> Bool {
    snapshots.updateValue(snapshot, forKey: ExactText(snapshot.key)) != snapshot
  }

  /// Returns whether that changes anything.
  @discardableResult
  package mutating func replace(_ scale: IndicatorScale) -> Bool {
    scales.updateValue(scale, forKey: ExactText(scale.key)) != scale
  }

  /// Returns whether there was one.
  package mutating func removeSnapshot(_ key: String) -> Bool {
    snapshots.removeValue(forKey: ExactText(key)) != nil
  }
  package mutating func removeScale(_ key: String) -> Bool {
    scales.removeValue(forKey: ExactText(key)) != nil
  }
}
