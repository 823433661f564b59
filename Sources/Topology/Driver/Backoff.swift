/// Exponential backoff. All times are in milliseconds of one monotonic clock.
package struct Backoff: Sendable {
  private let first: Int64
  private let longest: Int64
  private var pause: Int64 = 0
  private var lastFailure: Int64 = .min / 2

  package init(first: Int64, longest: Int64) {
    self.first = first
    self.longest = longest
  }

  /// Records a failure and returns when to retry. A failure long after the previous one starts over with the first pause.
  package mutating func failed(now: Int64) -> Int64 {
    if now - lastFailure > 4 * longest { pause = 0 }
    lastFailure = now
    pause = pause == 0 ? first : min(longest, pause * 2)
    return now + pause
  }

  /// Records a success, which resets the pause.
  package mutating func succeeded() { pause = 0 }
}
