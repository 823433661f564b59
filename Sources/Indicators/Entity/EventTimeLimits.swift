import Contract

/// Which event times a record may carry (SEMANTICS, "Events that are rejected").
struct EventTimeLimits {
  /// 2000-01-01T00:00:00Z, in seconds since 1970.
  static let earliest: Int64 = 946_684_800
  /// 24 hours, in milliseconds.
  static let slack: Int64 = 24 * 3600 * 1000

  /// Nil for a record without a timestamp, which no event time can exceed.
  private let latest: Timestamp?

  @inline(__always)
  init(recordTimestamp: Int64?) {
    latest = recordTimestamp.map {
      let milliseconds = $0.addingReportingOverflow(EventTimeLimits.slack)
      if milliseconds.overflow { return Timestamp(seconds: .max) }
      var (seconds, rest) = milliseconds.partialValue.quotientAndRemainder(dividingBy: 1000)
      if rest < 0 {
        seconds -= 1
        rest += 1000
      }
      return Timestamp(seconds: seconds, nanos: Int32(rest) * 1_000_000)
    }
  }

  /// Returns the event time if there is one and it is within the limits.
  @inline(__always)
  func check(_ time: Timestamp?) throws(Refusal) -> Timestamp {
    guard let time else { throw .missingInstant }
    guard time.seconds >= EventTimeLimits.earliest else { throw .before2000 }
    if let latest, time > latest { throw .inTheFuture }
    return time
  }
}
