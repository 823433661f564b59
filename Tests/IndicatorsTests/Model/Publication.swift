import Contract

/// What a subscriber of both output topics holds: the newest value under each key, without `as_of`.
struct Publication: Equatable {
  /// By the key of the record.
  private(set) var snapshots: [ExactText: IndicatorSnapshot] = [:]
  private(set) var scales: [ExactText: IndicatorScale] = [:]

  mutating func insert(_ snapshot: IndicatorSnapshot) { snapshots[ExactText(snapshot.key)] = snapshot }
  mutating func insert(_ scale: IndicatorScale) { scales[ExactText(scale.key)] = scale }
}
