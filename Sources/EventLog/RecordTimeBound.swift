/// How far a record's timestamp may be ahead of the clock.
///
/// An event counts if its event time is at most a day after its record's timestamp. A record with a timestamp years ahead would
/// therefore let through an event as wrong, which would move the published months permanently: the current month never goes
/// back.
public enum RecordTimeBound {
  /// In milliseconds: one hour, which is also the broker default since Kafka 4.
  public static let ahead: Int64 = 3_600_000
}
