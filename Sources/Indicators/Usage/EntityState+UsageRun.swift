import CPrefetch
import Contract

/// The hot path. Almost every action says nothing new: it costs decoding, hashing and one look at its entry, and allocates
/// nothing. Actions go through it by the dozen, so that the memory of all their entries is on its way while they are decoded.
extension EntityState {
  private static let probesAtOnce = 32

  /// Applies usage actions in order; calls `refuse` with the index of each that is refused.
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

  /// Decodes some of a run and asks for the memory of their entries. Returns how many were not refused.
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
        // No text is longer than what it was read from.
        if let value, value.count > EventLimits.id { try checkTexts(value) }
        let event = try decodeUsage(value)
        guard isKeyed(run.baseAddress.unsafelyUnwrapped + index, by: event.customerID) else {
          throw .wrongPartition
        }
        let limits = EventTimeLimits(recordTimestamp: run[index].timestamp)
        let probe = try UsageProbe(event, limits, record: index)
        // What is known is where it belongs; of what counts and is not, it is found out when that is seen.
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

  /// Apart, since the loop around it has no registers left.
  @inline(never)
  private func isKeyed(_ record: UnsafePointer<Record>, by id: BorrowedText) -> Bool {
    placement.isKey(record.pointee.key, of: id)
  }

  @inline(never)
  private func checkPlace(of record: Record) throws(Refusal) {
    guard let key = record.key, placement.holds(key) else { throw .wrongPartition }
  }

  /// The first reason in the order of the semantics, of one that is refused for this one at the latest.
  @inline(never)
  private func firstReason(_ refusal: Refusal, of record: Record) -> Refusal {
    guard refusal != .notDecodable else { return refusal }
    do throws(Refusal) {
      let event = try decodeUsage(record.value)
      expect(event.customerID)
      try placement.check(event.customerID, key: record.key)
      return refusal
    } catch {
      return error
    }
  }

  /// Apart, and by decoding once more, so that actions of the usual size pay nothing for it.
  @inline(never)
  private func checkTexts(_ payload: UnsafeRawBufferPointer) throws(Refusal) {
    try decodeUsage(payload).checkTexts()
  }

  private func apply(
    _ probes: UnsafeBufferPointer<UsageProbe>, of run: UnsafeBufferPointer<Record>,
    _ refuse: (Int, Refusal) -> Void
  ) {
    var next = 0
    while true {
      next = usage.passOver(probes, from: next, base: contributions.base, &clock)
      guard next < probes.count else { return }
      let probe = probes[next]
      next += 1
      if let key = run[Int(probe.record)].key, !placement.holds(key) {
        expect(BorrowedText(validUTF8: key))
        refuse(Int(probe.record), .wrongPartition)
        continue
      }
      advanceClock(to: probe.time)
      let month = usage.month(of: probe.time)
      if month < clock.oldestMonth {
        expiredCount += 1
      } else if probe.isIntentional {
        do throws(Refusal) {
          let event = try decodeUsage(run[Int(probe.record)].value)
          usage.insert(event, UsageIdentity(event), in: month, &customers, &contributions)
        } catch {
          preconditionFailure("an event that was read once cannot be read again: \(error)")
        }
      }
    }
  }
}

extension UnsafeBufferPointer<Record> {
  /// Asks for the memory of a record's value, if there is such a record: what comes from a log's reader thread is in that
  /// one's cache at best.
  @inline(__always)
  fileprivate func prefetchValue(at index: Int) {
    guard index < count, let start = self[index].value?.baseAddress else { return }
    // The size of most actions.
    for line in 0..<3 { prefetch(start + 64 * line) }
  }
}
