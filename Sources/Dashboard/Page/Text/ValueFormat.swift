import Contract

/// Writes the values of one indicator, with as many digits as it takes that different values look different.
package struct ValueFormat: Sendable {
  private let numbers: NumberFormat
  private let format: IndicatorDefinition.Format
  /// Decimals in addition to the usual ones.
  private var moreDigits = 0
  /// Significant digits of the short form.
  private var significantDigits = 2

  /// The maximum of additional decimals; smaller differences do not matter to people.
  private static let mostDigits = 6

  /// A format in which all different `values` look different. O(n log n).
  package init(_ numbers: NumberFormat, _ kind: IndicatorKind, distinguishing values: [Double] = []) {
    self.numbers = numbers
    format = kind.definition.format
    let sorted = values.filter(\.isFinite).sorted()
    let pairs = zip(sorted, sorted.dropFirst()).filter { $0 != $1 }
    while moreDigits < Self.mostDigits, pairs.contains(where: { text($0) == text($1) }) { moreDigits += 1 }
    while significantDigits < 15, pairs.contains(where: { short($0) == short($1) }) { significantDigits += 1 }
  }

  /// In full: "$12,345", "0.042".
  package func text(_ value: Double) -> String {
    format == .money
      ? numbers.money(value, digits: digits(of: value))
      : numbers.decimal(value, digits: digits(of: value), exactly: true)
  }

  /// Short, without the currency: "12K", "0.042".
  package func short(_ value: Double) -> String {
    if value == 0 { return "0" }
    return value.magnitude >= 10
      ? numbers.compact(value, significantDigits: significantDigits)
      : numbers.decimal(value, digits: digits(of: value), exactly: format == .decimal || format == .ratio)
  }

  /// For an axis, with the currency: "$12K".
  package func axis(_ value: Double) -> String {
    guard format == .money else { return short(value) }
    return value.magnitude >= 1000
      ? numbers.compactMoney(value, significantDigits: significantDigits) : text(value)
  }

  /// With three significant digits and the currency: "$12.3M".
  package func compact(_ value: Double) -> String {
    format == .money
      ? numbers.compactMoney(value, significantDigits: 3) : numbers.compact(value, significantDigits: 3)
  }

  /// A difference with its sign: "+$12". Never written as zero unless it is.
  package func change(_ difference: Double) -> String {
    var precise = self
    while precise.moreDigits < Self.mostDigits, difference != 0,
      precise.text(difference.magnitude) == precise.text(0) || precise.isRoundedAway(difference)
    { precise.moreDigits += 1 }
    return (difference < 0 ? "\u{2212}" : "+") + precise.text(difference.magnitude)
  }

  private func isRoundedAway(_ value: Double) -> Bool {
    var scale = 1.0
    for _ in 0..<digits(of: value) { scale *= 10 }
    return (value.magnitude * scale).rounded() == 0
  }

  private func digits(of value: Double) -> Int {
    switch format {
    case .money:
      // Small amounts have the currency's decimals, others none; more are only used to tell values apart.
      if moreDigits > 0 { return max(numbers.currencyDigits, moreDigits) }
      return value.magnitude < 1000 && value != value.rounded() ? numbers.currencyDigits : 0
    case .count: return moreDigits
    case .decimal: return 1 + moreDigits
    case .ratio:
      // At least two significant digits.
      var digits = 2
      var magnitude = value.magnitude
      while magnitude > 0, magnitude < 0.1, digits < Self.mostDigits {
        (magnitude, digits) = (magnitude * 10, digits + 1)
      }
      return max(digits, 2 + moreDigits)
    }
  }
}
