/// The lengths of the windows, in months (SEMANTICS, "One rule for time"). All follow from `trailingMonths`.
public enum ReportingWindow {
  /// The months of a trailing sum; the last one is the month that the sum is for.
  @inlinable @inline(__always)
  public static var trailingMonths: Int32 { 12 }

  /// The months that are published: the current one and those before it.
  @inlinable @inline(__always)
  public static var publishedMonths: Int32 { 2 * trailingMonths }

  /// How many months before the current one a published month depends on, through its trailing sums.
  @inlinable @inline(__always)
  public static var lookBack: Int32 { publishedMonths + trailingMonths - 1 }
}
