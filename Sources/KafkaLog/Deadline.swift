import Platform

/// A point in time by which something must have happened.
struct Deadline {
  private let instant: ContinuousClock.Instant

  init(in milliseconds: Int) {
    instant = .now + .milliseconds(milliseconds)
  }

  var hasPassed: Bool { remaining == 0 }

  /// Milliseconds left, 0 if it has passed, as librdkafka takes them.
  var remaining: Int32 {
    let left = ContinuousClock.Instant.now.duration(to: instant)
    guard left > .zero else { return 0 }
    // Rounded up, so that what is left is never waited for as 0, which means "do not wait".
    return Int32(clamping: left / .milliseconds(1) < 1 ? 1 : Int(left / .milliseconds(1)))
  }

  /// How long anything that a broker is asked may take.
  static var request: Deadline { Deadline(in: 30_000) }

  /// Waits a little before something is asked again.
  static func pause() {
    Clock.sleep(milliseconds: 20)
  }
}
