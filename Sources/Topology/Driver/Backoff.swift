/// Pauses that double from one attempt to the next. All times are in milliseconds of one monotonic clock.
package struct Backoff: Sendable {
  private let first: Int64
  private let longest: Int64
  private var pause: Int64 = 0
  private var lastFailure: Int64 = .min / 2

  package init(first: Int64, longest: Int64) {
    self.first = first
    self.longest = longest
  }

  /// Takes in a failure; returns when to try again. One long after the last is the first of its kind.
  package mutating func failed(now: Int64) -> Int64 {
    if now - lastFailure > 4 * longest { pause = 0 }
    lastFailure = now
    pause = pause == 0 ? first : min(longest, pause * 2)
    return now + pause
  }

  /// Takes in that what failed has succeeded.
  package mutating func succeeded() { pause = 0 }
}
