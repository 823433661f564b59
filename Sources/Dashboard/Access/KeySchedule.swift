/// When to fetch a key set, and how long the last one is valid. All times are in seconds since 1970 UTC.
struct KeySchedule {
  let settings: KeyRefresh
  private var triedAt: Int64?
  private var fetchedAt: Int64?
  /// Consecutive ones.
  private var failures = 0
  private var isMissingKey = false

  init(_ settings: KeyRefresh) { self.settings = settings }

  /// A token names an unknown key, which may be new.
  mutating func missKey() { isMissingKey = true }

  func isDue(_ now: Int64) -> Bool {
    guard let triedAt else { return true }
    // A clock that was set back must not delay it forever.
    guard now >= triedAt else { return true }
    if isMissingKey, now - triedAt >= settings.leastSeconds { return true }
    return now - triedAt >= pause
  }

  /// Seconds between two fetches; after failures, doubling from two seconds.
  private var pause: Int64 {
    failures == 0 ? settings.seconds : min(settings.seconds, 1 << min(failures, 30))
  }

  /// A fetch begins now.
  mutating func begin(_ now: Int64) { (triedAt, isMissingKey) = (now, false) }

  mutating func succeed(_ now: Int64) { (fetchedAt, failures) = (now, 0) }
  mutating func fail() { failures += 1 }

  /// Whether the last keys are too old to be used.
  func isStale(_ now: Int64) -> Bool { fetchedAt.map { now - $0 > settings.keptSeconds } ?? false }

  /// Whether there are fetched keys that may be used.
  var hasKeys: Bool { fetchedAt != nil }

  /// The last keys may no longer be used.
  mutating func forget() { fetchedAt = nil }
}

/// How often a key set is fetched, in seconds.
package struct KeyRefresh: Sendable {
  /// Between two fetches.
  package var seconds: Int64 = 300
  /// At least between two fetches because of tokens with unknown keys, which anybody can send.
  package var leastSeconds: Int64 = 10
  /// How long the last set is used while none can be fetched.
  package var keptSeconds: Int64 = 86_400

  package init() {}
}
