import Contract

extension UsageTable {
  /// Asks for the memory that `passOver` reads.
  func prefetch(_ probes: UnsafeBufferPointer<UsageProbe>) {
    for probe in probes { prefetchSlot(probe.identity) }
    for probe in probes { prefetchEntry(probe.identity) }
  }

  /// Passes over actions that say nothing new, from `first` on: those that do not count or are expired or known. Takes in
  /// their times, and returns the index of the first that says something new, be it only that a new month has begun, or that
  /// lies in a wrong partition; the count if there is none. What is known is where it belongs. Expected O(1) an action.
  func passOver(
    _ probes: UnsafeBufferPointer<UsageProbe>, of run: UnsafeBufferPointer<Record>, from first: Int,
    _ placement: Placement, base: Month, _ clock: inout EventClock, _ months: inout MonthCache,
    _ expiredCount: inout Int
  ) -> Int {
    var index = first
    while index < probes.count {
      let probe = probes[index]
      let month = months.month(of: probe.time)
      let isExpired = month < clock.oldestMonth
      if probe.isIntentional, !isExpired {
        let bit = UInt64(1) << UInt64(month - base)
        guard let entry = find(probe.identity), self.entry(entry).months & bit != 0 else { return index }
      } else if let key = run[Int(probe.record)].key, !placement.holds(key) {
        return index
      }
      guard clock.advance(to: probe.time, within: month) else { return index }
      if probe.isIntentional, isExpired { expiredCount += 1 }
      index += 1
    }
    return index
  }
}
