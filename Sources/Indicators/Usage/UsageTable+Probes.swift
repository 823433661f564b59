import Contract

extension UsageTable {
  /// Prefetches the memory that `passOver` reads.
  func prefetch(_ probes: UnsafeBufferPointer<UsageProbe>) {
    for probe in probes { prefetchSlot(probe.identity) }
    for probe in probes { prefetchEntry(probe.identity) }
  }

  /// Skips actions that change nothing, from `first` on: those that do not count or are known. Advances the clock to their
  /// times, and returns the index of the first action that changes something, if only that a new month has begun or that it
  /// is expired; the count if there is none. Expected O(1) per action.
  func passOver(
    _ probes: UnsafeBufferPointer<UsageProbe>, from first: Int, base: Month, _ clock: inout EventClock,
    _ months: inout MonthCache
  ) -> Int {
    var index = first
    while index < probes.count {
      let probe = probes[index]
      let month = months.month(of: probe.time)
      if probe.isIntentional {
        guard month >= clock.oldestMonth else { return index }
        let bit = UInt64(1) << UInt64(truncatingIfNeeded: month - base)
        guard let entry = find(probe.identity), self.entry(entry).months & bit != 0 else { return index }
      }
      guard clock.advance(to: probe.time, within: month) else { return index }
      index += 1
    }
    return index
  }
}

/// What most actions are decided by: the hash of all of their identities, and their time.
struct UsageProbe {
  var identity: Identity
  var time: Timestamp
  /// Index of the action's record in its run.
  var record: Int32
  /// Whether it counts at all.
  var isIntentional: Bool

  /// Reads an action with short texts, or throws why it is rejected.
  @inline(__always)
  init(_ event: UsageActionView, _ limits: EventTimeLimits, record: Int) throws(Refusal) {
    time = try event.checkBesidesTexts(limits)
    isIntentional = event.intentional
    identity = UsageIdentity(event).both
    self.record = Int32(truncatingIfNeeded: record)
  }
}
