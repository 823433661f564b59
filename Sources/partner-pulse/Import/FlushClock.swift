/// Decides when to flush events that arrive one by one: in batches, but soon after they arrived.
struct FlushClock {
  private var waitingSince: ContinuousClock.Instant?
  private static let patience = Duration.milliseconds(500)

  mutating func noteEvent() {
    if waitingSince == nil { waitingSince = .now }
  }

  /// Whether events wait, and for long enough; `isIdle` if no others are to be seen.
  func isDue(isIdle: Bool) -> Bool {
    guard let waitingSince else { return false }
    return isIdle || .now - waitingSince >= Self.patience
  }

  mutating func noteFlush() { waitingSince = nil }
}
