import Contract
import Glibc

/// The wall clock. It is used only for log lines and generated events; no result depends on it.
enum Wall {
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    // Milliseconds are what a log line has room for.
    return Timestamp(seconds: Int64(time.tv_sec), nanos: Int32(time.tv_nsec) / 1_000_000 * 1_000_000)
  }
}

extension Timestamp {
  /// Of milliseconds since 1970 UTC.
  init(milliseconds: Int64) {
    let (second, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    let before: Int64 = rest < 0 ? 1 : 0
    self.init(seconds: second - before, nanos: Int32(rest + before * 1000) * 1_000_000)
  }
}
