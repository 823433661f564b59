/// Limits events to a rate, in short bursts.
struct RateLimiter {
  /// Events per second.
  let rate: Double
  private let start = ContinuousClock.now
  private var done = 0.0

  init(rate: Double) { self.rate = rate }

  /// Counts one event. Returns how long to wait before the next one: at least 20 ms, or nil for not at all.
  mutating func next() -> Duration? {
    done += 1
    let ahead = .seconds(done / rate) - (ContinuousClock.now - start)
    return ahead >= .milliseconds(20) ? ahead : nil
  }
}
