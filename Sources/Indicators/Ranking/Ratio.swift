import Contract

/// The exact value of an indicator: a fraction with a positive denominator, not reduced.
package struct Ratio: Sendable, Comparable, BitwiseCopyable {
  package var numerator: Int64
  package var denominator: Int64

  @inline(__always)
  package init(_ numerator: Int64, over denominator: Int64 = 1) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// By cross-multiplication, which is exact.
  @inline(__always)
  package static func < (a: Ratio, b: Ratio) -> Bool {
    if a.denominator == b.denominator { return a.numerator < b.numerator }
    return Int128(a.numerator) * Int128(b.denominator) < Int128(b.numerator) * Int128(a.denominator)
  }

  @inline(__always)
  package static func == (a: Ratio, b: Ratio) -> Bool {
    if a.denominator == b.denominator { return a.numerator == b.numerator }
    return Int128(a.numerator) * Int128(b.denominator) == Int128(b.numerator) * Int128(a.denominator)
  }

  /// The nearest double; ties to even.
  package var double: Double {
    let exact = Int64(1) << 53
    if numerator.magnitude <= exact.magnitude && denominator <= exact {
      // Both are exact as doubles, so only the division rounds.
      return Double(numerator) / Double(denominator)
    }
    return roundedQuotient
  }

  /// Computes the quotient to at most 64 bits, the last of which says whether there is a remainder, and rounds once.
  private var roundedQuotient: Double {
    let magnitude = UInt128(numerator.magnitude)
    let divisor = UInt128(denominator)
    let shift = Swift.min(64, magnitude.leadingZeroBitCount)
    let (quotient, rest) = (magnitude << UInt128(shift)).quotientAndRemainder(dividingBy: divisor)
    let surplus = Swift.max(0, 128 - quotient.leadingZeroBitCount - 62)
    let kept = quotient >> UInt128(surplus)
    let isInexact = rest != 0 || kept << UInt128(surplus) != quotient
    let significand = Double(UInt64(kept) << 1 | (isInexact ? 1 : 0))
    let value = significand.scaled(by: surplus - shift - 1)
    return numerator < 0 ? -value : value
  }
}

extension Double {
  fileprivate func scaled(by exponent: Int) -> Double {
    self * Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
