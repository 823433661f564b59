import Platform

/// A point in time by which something must have completed.
struct Deadline {
  private let instant: ContinuousClock.Instant

  init(in milliseconds: Int) {
    instant = .now + .milliseconds(milliseconds)
  }

  var hasPassed: Bool { remaining == 0 }

  /// The milliseconds left, 0 if the deadline has passed, in librdkafka's type.
  var remaining: Int32 {
    let left = ContinuousClock.Instant.now.duration(to: instant)
    guard left > .zero else { return 0 }
    // Rounded up, since librdkafka takes 0 as "do not wait".
    return Int32(clamping: left / .milliseconds(1) < 1 ? 1 : Int(left / .milliseconds(1)))
  }

  /// The time limit of any request to a broker.
  static var request: Deadline { Deadline(in: 30_000) }

  /// A short pause before a retry.
  static func pause() {
    Clock.sleep(milliseconds: 20)
  }
}
