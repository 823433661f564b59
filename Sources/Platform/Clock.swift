import Glibc

package enum Clock {
  /// Milliseconds since 1970 UTC, for the timestamps of records.
  package static var now: Int64 { milliseconds(CLOCK_REALTIME) }

  /// Milliseconds that only grow, for deadlines.
  package static var monotonic: Int64 { milliseconds(CLOCK_MONOTONIC) }

  package static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
