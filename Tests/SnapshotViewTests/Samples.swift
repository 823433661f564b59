import Contract
import EventLog
import Randomness
import SnapshotView

extension IndicatorSnapshot {
  init(_ partner: String, _ cell: Cell = Cell(), _ month: String = "2026-11") {
    self.init()
    partnerID = partner
    self.cell = cell
    self.month = month
    for kind in IndicatorKind.allCases { self[kind] = Indicator() }
    components = Components()
    asOf = Timestamp()
  }

  /// Fills everything but the ids, as it may come from anywhere: half of the values follow from the components, as they do in
  /// results.
  mutating func fill(_ random: inout SplitMix64) {
    for component in Component.allCases {
      components?[component] =
        [0, 1, -1, .max, .min, .random(in: 0...1_000_000, using: &random)]
        .randomElement(using: &random) ?? 0
    }
    for kind in IndicatorKind.allCases {
      let value = Bool.random(using: &random) ? .sample(&random) : quotient(kind.definition.formula)
      self[kind] = Indicator(
        value: value, previous: Bool.random(using: &random) ? .sample(&random) : value,
        trend: [.unchanged, .up, .down].randomElement(using: &random) ?? .up,
        bar: [nil, 1, 2, 3, 4].randomElement(using: &random) ?? nil)
    }
    asOf = Timestamp(
      seconds: .random(in: Timestamp.validSeconds, using: &random),
      nanos: [0, 250_000_000, .random(in: 0...999_999_999, using: &random)].randomElement(using: &random) ?? 0
    )
  }

  private func quotient(_ formula: IndicatorFormula) -> Double? {
    guard let components else { return nil }
    let denominator = Double(formula.unit) * Double(formula.divisor.map { components[$0] } ?? 1)
    let numerator = components[formula.component] &- (formula.subtracted.map { components[$0] } ?? 0)
    return denominator == 0 ? nil : Double(numerator) / denominator
  }

  var viewKey: SnapshotKey { SnapshotKey(partnerID: partnerID, cell: cell ?? Cell(), month: month) }
}

extension Optional where Wrapped == Double {
  /// Whole numbers, exact fractions of the indicators' denominators, and whatever else is a double.
  fileprivate static func sample(_ random: inout SplitMix64) -> Double? {
    let whole = Double(Int64.random(in: -1_000_000_000...1_000_000_000, using: &random))
    return [
      nil, 0, -0.0, whole, whole / 12, whole / 1_000_000, whole / 7, 1e300, .leastNonzeroMagnitude, 0x1p60,
      Double(bitPattern: random.next() & ~(1 << 62)),
    ].randomElement(using: &random) ?? nil
  }
}

extension IndicatorScale {
  init(_ cell: Cell, _ month: String, partners: Int32 = 1) {
    self.init()
    self.cell = cell
    self.month = month
    var scale = Scale()
    scale.indicator = "customers_added"
    scale.partners = partners
    scale.bars = (1...4).map { Bar(bar: $0, partners: partners, min: nil, max: Double(partners)) }
    scales = [scale]
  }
}

/// A record of an output topic.
func withRecord<Result>(
  _ topic: Topic, key: String, value: [UInt8]?, _ body: (Record) throws -> Result
) rethrows -> Result {
  try Array(key.utf8).withUnsafeBytes { key in
    try (value ?? []).withUnsafeBytes { bytes in
      try body(
        Record(
          topic: topic, partition: 0, offset: 0, timestamp: nil, key: key, value: value == nil ? nil : bytes))
    }
  }
}
