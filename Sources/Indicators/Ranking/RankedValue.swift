/// The value of an indicator as rankings keep it: in halves of 32 bits, so that an entry with a partner's number has no gap.
protocol RankedValue: Comparable {
  static var zero: Self { get }
  init(_ ratio: Ratio)
  /// `unit` is the denominator of all values of an indicator that has whole numbers of something.
  func ratio(over unit: Int64) -> Ratio
}

extension RankedValue {
  @inline(__always)
  var isZero: Bool { self == .zero }
}

/// A numerator over a denominator that all values share.
struct SharedUnitValue: RankedValue {
  private let numerator: Halves

  static var zero: SharedUnitValue { SharedUnitValue(Ratio(0)) }

  @inline(__always)
  init(_ ratio: Ratio) { numerator = Halves(ratio.numerator) }

  func ratio(over unit: Int64) -> Ratio { Ratio(numerator.whole, over: unit) }

  @inline(__always)
  static func < (a: Self, b: Self) -> Bool { a.numerator.whole < b.numerator.whole }

  @inline(__always)
  static func == (a: Self, b: Self) -> Bool { a.numerator.whole == b.numerator.whole }
}

/// A numerator and a denominator of its own.
struct FractionValue: RankedValue {
  private let numerator: Halves
  private let denominator: Halves

  static var zero: FractionValue { FractionValue(Ratio(0)) }

  @inline(__always)
  init(_ ratio: Ratio) {
    numerator = Halves(ratio.numerator)
    denominator = Halves(ratio.denominator)
  }

  @inline(__always)
  private var ratio: Ratio { Ratio(numerator.whole, over: denominator.whole) }

  func ratio(over unit: Int64) -> Ratio { ratio }

  @inline(__always)
  static func < (a: Self, b: Self) -> Bool { a.ratio < b.ratio }

  @inline(__always)
  static func == (a: Self, b: Self) -> Bool { a.ratio == b.ratio }
}

/// 64 bits that lie at any multiple of four bytes.
private struct Halves {
  private let low: UInt32
  private let high: UInt32

  @inline(__always)
  init(_ whole: Int64) {
    low = UInt32(truncatingIfNeeded: whole)
    high = UInt32(truncatingIfNeeded: whole >> 32)
  }

  @inline(__always)
  var whole: Int64 { Int64(bitPattern: UInt64(high) << 32 | UInt64(low)) }
}
