/// An exact number: `numerator / denominator`, the latter positive.
struct Fraction: Comparable {
  var numerator: Int64
  var denominator: Int64

  init(_ numerator: Int64, over denominator: Int64 = 1) {
    self.numerator = numerator
    self.denominator = denominator
  }

  static func == (a: Fraction, b: Fraction) -> Bool {
    Int128(a.numerator) * Int128(b.denominator) == Int128(b.numerator) * Int128(a.denominator)
  }

  static func < (a: Fraction, b: Fraction) -> Bool {
    Int128(a.numerator) * Int128(b.denominator) < Int128(b.numerator) * Int128(a.denominator)
  }

  /// The nearest double.
  var double: Double {
    if denominator == 1_000_000 {
      // The numerator may have more bits than a double; reading decimals rounds once.
      let digits = String(numerator.magnitude)
      let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
      let text = "\(numerator < 0 ? "-" : "")\(padded.dropLast(6)).\(padded.suffix(6))"
      return Double(text) ?? .nan
    }
    return Double(numerator) / Double(denominator)
  }
}
