/// How many months count for what (SEMANTICS, "One rule for time"). All follow from the first.
public enum ReportingWindow {
  /// Months of a trailing sum, which ends with the month that it is of.
  @inlinable @inline(__always)
  public static var trailingMonths: Int32 { 12 }

  /// Months that are published: the current one and those before it.
  @inlinable @inline(__always)
  public static var publishedMonths: Int32 { 2 * trailingMonths }

  /// Months before the current one on which a published one depends, through its trailing sums.
  @inlinable @inline(__always)
  public static var lookBack: Int32 { publishedMonths + trailingMonths - 1 }
}
