import Contract

/// A point in time in nanoseconds since 1970 UTC. Times before 1677 or after 2262 are clamped, which makes no difference: events
/// are of 2000 or later, and not later than their records.
public struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var nanoseconds: Int64

  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  @inlinable
  public init(_ timestamp: Timestamp) {
    let (product, overflow) = timestamp.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow2) = product.addingReportingOverflow(Int64(timestamp.nanos))
    nanoseconds = overflow || overflow2 ? (timestamp.seconds < 0 ? .min : .max) : sum
  }

  public var timestamp: Timestamp {
    var (seconds, nanos) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    if nanos < 0 {
      seconds -= 1
      nanos += 1_000_000_000
    }
    return Timestamp(seconds: seconds, nanos: Int32(nanos))
  }

  public var month: Month { Month(containing: timestamp) }

  @inlinable
  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
}
