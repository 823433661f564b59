import Contract
import Platform

/// The wall clock. It is used only for log lines and generated events; no result depends on it.
enum Wall {
  /// In milliseconds, which are what a log line has room for.
  static var now: Timestamp { Timestamp(milliseconds: Clock.now) }
}

extension Timestamp {
  /// Of milliseconds since 1970 UTC.
  init(milliseconds: Int64) {
    let (second, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    let before: Int64 = rest < 0 ? 1 : 0
    self.init(seconds: second - before, nanos: Int32(rest + before * 1000) * 1_000_000)
  }
}
