import Contract

/// Sets of months as bits of a word; bit 0 is a task's base month.
enum MonthBits {
  /// The months in whose trailing twelve a user counts who was active in `months`.
  @inline(__always)
  static func trailing(_ months: UInt64) -> UInt64 {
    var (bits, covered) = (months, UInt64(1))
    while 2 * covered <= ReportingWindow.trailingMonths {
      bits |= bits << covered
      covered *= 2
    }
    return bits | bits << (UInt64(ReportingWindow.trailingMonths) - covered)
  }

  /// The bits of a range of months.
  @inline(__always)
  static func bits(of months: Range<Month>, base: Month) -> UInt64 {
    bits(below: months.upperBound, base) & ~bits(below: months.lowerBound, base)
  }

  @inline(__always)
  private static func bits(below month: Month, _ base: Month) -> UInt64 {
    let count = month - base
    return count <= 0 ? 0 : count >= UInt64.bitWidth ? .max : (1 << UInt64(count)) - 1
  }

  /// Calls `body` with each bit's number, ascending.
  @inline(__always)
  static func forEach(_ bits: UInt64, _ body: (Int32) -> Void) {
    var left = bits
    while left != 0 {
      body(Int32(left.trailingZeroBitCount))
      left &= left - 1
    }
  }
}
