import Contract

extension Publication {
  /// In what `self` is not as `expected`, the first few by key; empty if in nothing.
  package func differences(from expected: Publication) -> [String] {
    if self == expected { return [] }
    let all =
      differences(snapshots, expected.snapshots, \.parts) + differences(scales, expected.scales, \.parts)
    return all.count > 5 ? all.prefix(5) + ["and \(all.count - 5) more"] : all
  }

  private func differences<Value: Equatable>(
    _ values: [ModelText: Value], _ expected: [ModelText: Value], _ parts: (Value) -> [String]
  ) -> [String] {
    Set(values.keys).union(expected.keys).sorted().filter { values[$0] != expected[$0] }.map { key in
      guard let expected = expected[key] else { return "\(key) is published, but must not be" }
      guard let value = values[key] else { return "\(key) is missing" }
      let differing = zip(parts(value), parts(expected)).filter { $0 != $1 }
      return "\(key): " + differing.map { "\($0), expected \($1)" }.joined(separator: "; ")
    }
  }
}

extension IndicatorSnapshot {
  fileprivate var parts: [String] {
    let values = components ?? Components()
    return Component.allCases.map { "\($0.name) \(values[$0])" }
      + IndicatorKind.allCases.map { "\($0.name) \(self[$0].map { "\($0)" } ?? "missing")" }
      + ["\(partnerID), \(cell.map { "\($0)" } ?? "no cell"), \(month)"]
  }
}

extension IndicatorScale {
  fileprivate var parts: [String] {
    scales.map { "\($0)" } + ["\(cell.map { "\($0)" } ?? "no cell"), \(month), \(scales.count)"]
  }
}
