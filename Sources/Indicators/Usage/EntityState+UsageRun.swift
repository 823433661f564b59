import CPrefetch
import Contract

/// The hot path. Almost every action changes nothing: it costs decoding, hashing and one lookup, and allocates nothing.
/// Actions are processed in small batches, so that the memory of all their entries is prefetched while they are decoded.
extension EntityState {
  private static let probesAtOnce = 32

  /// Applies usage actions in order; calls `refuse` with the index of each that is rejected.
  func applyUsage(_ run: UnsafeBufferPointer<Record>, _ refuse: (Int, Refusal) -> Void) {
    withUnsafeTemporaryAllocation(of: UsageProbe.self, capacity: Self.probesAtOnce) { probes in
      var start = 0
      while start < run.count {
        let end = min(start + Self.probesAtOnce, run.count)
        let count = probe(run, start..<end, into: probes, refuse)
        apply(UnsafeBufferPointer(rebasing: probes[..<count]), of: run, refuse)
        start = end
      }
    }
  }

  /// Decodes part of a run and prefetches the entries. Returns how many actions were not rejected.
  private func probe(
    _ run: UnsafeBufferPointer<Record>, _ range: Range<Int>,
    into probes: UnsafeMutableBufferPointer<UsageProbe>,
    _ refuse: (Int, Refusal) -> Void
  ) -> Int {
    var count = 0
    for index in range {
      run.prefetchValue(at: index + Self.probesAtOnce)
      do throws(Refusal) {
        let value = run[index].value
        // No text is longer than the value that it is part of.
        if let value, value.count > EventLimits.id { try checkTexts(value) }
        let event = try Self.decodeUsage(value, scratch)
        guard isKeyed(run.baseAddress.unsafelyUnwrapped + index, by: event.customerID) else {
          throw .wrongPartition
        }
        let limits = EventTimeLimits(recordTimestamp: run[index].timestamp)
        let probe = try UsageProbe(event, limits, record: index)
        // A known action is in its partition; that of an unknown action is checked when it is looked up, if it counts.
        if !probe.isIntentional { try checkPlace(of: run[index]) }
        probes.initializeElement(at: count, to: probe)
        count += 1
      } catch {
        refuse(index, firstReason(error, of: run[index]))
      }
    }
    usage.prefetch(UnsafeBufferPointer(rebasing: probes[..<count]))
    return count
  }

  @inline(__always)
  private static func decodeUsage(
    _ payload: UnsafeRawBufferPointer?, _ scratch: PayloadScratch
  ) throws(Refusal) -> UsageActionView {
    guard let payload else { throw .notDecodable }
    do {
      return try UsageActionView(payload: payload, scratch: scratch)
    } catch {
      throw .notDecodable
    }
  }

  /// A function of its own, since the loop around it has no registers left.
  @inline(never)
  private func isKeyed(_ record: UnsafePointer<Record>, by id: BorrowedText) -> Bool {
    placement.isKey(record.pointee.key, of: id)
  }

  @inline(never)
  private func checkPlace(of record: Record) throws(Refusal) {
    guard let key = record.key, placement.holds(key) else { throw .wrongPartition }
  }

  /// The first reason to reject the record in the order of the semantics, given that `refusal` is one.
  @inline(never)
  private func firstReason(_ refusal: Refusal, of record: Record) -> Refusal {
    guard refusal != .notDecodable else { return refusal }
    do throws(Refusal) {
      let event = try Self.decodeUsage(record.value, scratch)
      expect(event.customerID)
      try placement.check(event.customerID, key: record.key)
      return refusal
    } catch {
      return error
    }
  }

  /// A function of its own that decodes again, so that actions of the usual size pay nothing for it.
  @inline(never)
  private func checkTexts(_ payload: UnsafeRawBufferPointer) throws(Refusal) {
    try Self.decodeUsage(payload, scratch).checkTexts()
  }

  private func apply(
    _ probes: UnsafeBufferPointer<UsageProbe>, of run: UnsafeBufferPointer<Record>,
    _ refuse: (Int, Refusal) -> Void
  ) {
    var next = 0
    while true {
      next = Self.insert(
        probes, from: next, of: run, placement, scratch, &usage, &clock, &customers, &contributions)
      guard next < probes.count else { return }
      let probe = probes[next]
      if let key = run[Int(probe.record)].key, !placement.holds(key) {
        expect(BorrowedText(validUTF8: key))
        refuse(Int(probe.record), .wrongPartition)
        next += 1
        continue
      }
      advanceClock(to: probe.time)
      if usage.month(of: probe.time) < clock.oldestMonth {
        expiredCount += 1
        next += 1
      }
    }
  }

  /// Applies actions from `first` on. Returns the index of the first one that is misplaced, begins a month or is expired, and
  /// the count if there is none. Has the parts of the state as parameters, so that exclusive access to them is checked once
  /// for all actions.
  private static func insert(
    _ probes: UnsafeBufferPointer<UsageProbe>, from first: Int, of run: UnsafeBufferPointer<Record>,
    _ placement: Placement, _ scratch: PayloadScratch, _ usage: inout UsageState, _ clock: inout EventClock,
    _ customers: inout CustomerState, _ contributions: inout Contributions
  ) -> Int {
    var index = first
    while true {
      index = usage.passOver(probes, from: index, base: contributions.base, &clock)
      guard index < probes.count else { return index }
      let probe = probes[index]
      let month = usage.month(of: probe.time)
      let record = run[Int(probe.record)]
      if let key = record.key, !placement.holds(key) { return index }
      guard clock.advance(to: probe.time, within: month), month >= clock.oldestMonth else { return index }
      do throws(Refusal) {
        let event = try decodeUsage(record.value, scratch)
        usage.insert(event, UsageIdentity(event), in: month, &customers, &contributions)
      } catch {
        preconditionFailure("an event that was read once cannot be read again: \(error)")
      }
      index += 1
    }
  }
}

extension UnsafeBufferPointer<Record> {
  /// Prefetches a record's value, if there is such a record: it was written by a log's reader thread, so it is in that
  /// thread's cache at best.
  @inline(__always)
  fileprivate func prefetchValue(at index: Int) {
    guard index < count, let start = self[index].value?.baseAddress else { return }
    // The size of most actions.
    for line in 0..<3 { prefetch(start + 64 * line) }
  }
}
