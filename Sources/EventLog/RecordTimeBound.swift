/// How far ahead of the clock a record's own time may be.
///
/// An event counts up to a day after its record's time, so a record whose time is wrong by years would let an event be as
/// wrong, which moves the published months for good: the current month never goes back.
public enum RecordTimeBound {
  /// Milliseconds: an hour, which is also the default of brokers since Kafka 4.
  public static let ahead: Int64 = 3_600_000
}
