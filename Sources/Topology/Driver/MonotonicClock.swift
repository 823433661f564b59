import Glibc

/// Milliseconds of the system's monotonic clock.
func monotonicMilliseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

func sleepMilliseconds(_ milliseconds: UInt32) { usleep(milliseconds * 1000) }
