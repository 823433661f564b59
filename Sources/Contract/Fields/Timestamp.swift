/// An instant in UTC, as `google.protobuf.Timestamp`.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// 0 ... 999,999,999, added to the seconds, also before 1970.
  public var nanos: Int32

  @inlinable
  public init(seconds: Int64 = 0, nanos: Int32 = 0) {
    self.seconds = seconds
    self.nanos = nanos
  }

  /// `milliseconds` since 1970.
  package init(milliseconds: Int64) {
    let rest = milliseconds % 1000
    let carry: Int64 = rest < 0 ? 1 : 0
    self.init(seconds: milliseconds / 1000 - carry, nanos: Int32(rest + 1000 * carry) * 1_000_000)
  }

  /// Whole milliseconds since 1970, rounded down; for a valid instant.
  package var milliseconds: Int64 { seconds * 1000 + Int64(nanos / 1_000_000) }

  /// 0001-01-01T00:00:00Z ... 9999-12-31T23:59:59Z, which is what RFC 3339 can express.
  public static let validSeconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Whether it lies in the years 1 to 9999 and its nanoseconds are less than a second.
  @inlinable public var isValid: Bool {
    seconds >= -62_135_596_800 && seconds <= 253_402_300_799 && nanos >= 0 && nanos <= 999_999_999
  }

  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.seconds != right.seconds ? left.seconds < right.seconds : left.nanos < right.nanos
  }
}
