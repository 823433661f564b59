import Contract

/// What a subscriber of both output topics holds: the newest value under each key, without `as_of`.
struct Publication: Equatable {
  /// By the key of the record.
  private(set) var snapshots: [ExactText: IndicatorSnapshot] = [:]
  private(set) var scales: [ExactText: IndicatorScale] = [:]

  /// Returns whether that changes anything.
  @discardableResult
  mutating func replace(_ snapshot: IndicatorSnapshot) -> Bool {
    snapshots.updateValue(snapshot, forKey: ExactText(snapshot.key)) != snapshot
  }

  /// Returns whether that changes anything.
  @discardableResult
  mutating func replace(_ scale: IndicatorScale) -> Bool {
    scales.updateValue(scale, forKey: ExactText(scale.key)) != scale
  }

  /// Returns whether there was one.
  mutating func removeSnapshot(_ key: String) -> Bool { snapshots.removeValue(forKey: ExactText(key)) != nil }
  mutating func removeScale(_ key: String) -> Bool { scales.removeValue(forKey: ExactText(key)) != nil }
}

extension Publication {
  /// The first few lines in which `self` is not as `expected`, by key; empty if there is none.
  func differences(from expected: Publication) -> [String] {
    if self == expected { return [] }
    func compare<Value: Equatable>(
      _ values: [ExactText: Value], _ expected: [ExactText: Value], _ line: (Value) -> String
    ) -> [String] {
      Set(values.keys).union(expected.keys).sorted().filter { values[$0] != expected[$0] }.map {
        "\n  published: \(values[$0].map(line) ?? "no \($0)")\n  expected:  \(expected[$0].map(line) ?? "no \($0)")"
      }
    }
    let all =
      compare(snapshots, expected.snapshots) { $0.line } + compare(scales, expected.scales) { $0.line }
    return all.count > 4 ? all.prefix(4) + ["\n  and \(all.count - 4) more"] : all
  }
}
