/// When a key set is to be fetched, and until when the last one counts. All times are in seconds since 1970 UTC.
struct KeySchedule {
  let settings: KeyRefresh
  private var triedAt: Int64?
  private var fetchedAt: Int64?
  /// In a row.
  private var failures = 0
  private var isMissingKey = false

  init(_ settings: KeyRefresh) { self.settings = settings }

  /// A token names a key that is not there: it may be new.
  mutating func missKey() { isMissingKey = true }

  func isDue(_ now: Int64) -> Bool {
    guard let triedAt else { return true }
    // A clock that was set back must not put it off for ever.
    guard now >= triedAt else { return true }
    if isMissingKey, now - triedAt >= settings.leastSeconds { return true }
    return now - triedAt >= pause
  }

  /// After a failure twice as long each time.
  private var pause: Int64 {
    failures == 0 ? settings.seconds : min(settings.seconds, 1 << min(failures, 30))
  }

  /// It begins now.
  mutating func begin(_ now: Int64) { (triedAt, isMissingKey) = (now, false) }

  mutating func succeed(_ now: Int64) { (fetchedAt, failures) = (now, 0) }
  mutating func fail() { failures += 1 }

  /// Whether what was fetched last is too old to count.
  func isStale(_ now: Int64) -> Bool { fetchedAt.map { now - $0 > settings.keptSeconds } ?? false }

  /// Whether what was fetched last counts.
  var hasKeys: Bool { fetchedAt != nil }

  /// What was fetched last counts no longer.
  mutating func forget() { fetchedAt = nil }
}

/// How often a key set is fetched. In seconds.
package struct KeyRefresh: Sendable {
  /// Between two fetches.
  package var seconds: Int64 = 300
  /// Between two fetches because of tokens whose key is unknown, which anybody can send.
  package var leastSeconds: Int64 = 10
  /// For how long the last set counts while none can be fetched.
  package var keptSeconds: Int64 = 86_400

  package init() {}
}
