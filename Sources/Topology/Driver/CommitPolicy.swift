import EventLog

/// When to commit. All times are in milliseconds of one monotonic clock.
package struct CommitPolicy: Sendable {
  /// The minimum time between two commits.
  package var shortestInterval: Int64 = 20
  /// The maximum time from reading a record to committing it, while up to date.
  package var longestInterval: Int64 = 100
  /// The commit interval while far behind, when results would soon be overwritten by newer ones.
  package var catchUpInterval: Int64 = 30_000
  /// The same for a stage that started from nothing, whose whole result would be overwritten.
  package var firstCatchUpInterval: Int64 = 120_000
  /// When a stage that started from nothing is at the end of its input, and the previous stage has caught up, records of that
  /// may still be on their way. So it commits only when no record has arrived for a quarter of the time that catching up took,
  /// or for one millisecond per twenty records, or for `longestQuiet`, and at the latest after `longestWait`.
  package var longestQuiet: Int64 = 1_000
  package var longestWait: Int64 = 5_000
  /// A stage is far behind if it has not been at the end of its input for this time.
  package var catchUpAfter: Int64 = 1_000
  /// The commit interval if only positions moved (over transaction markers).
  package var positionsOnlyInterval: Int64 = 1_000
  /// The size of pending refused events that triggers a commit at once, even within a batch of records.
  package var maxHeldBytes = 16 << 20

  /// The maximum size of one transaction in records, and in bytes of keys and values; and its target duration, which makes
  /// transactions smaller if brokers are slow.
  package var transactionRecords = 100_000
  package var transactionBytes = 32 << 20
  package var transactionTime: Int64 = 1_000
  /// The maximum outputs of a month change in one transaction, in addition to changes by events, while up to date: few enough
  /// to delay those by about 100 ms at most.
  package var turnRoom = OutputRoom(bytes: 2 << 20, records: 10_000)
  /// The first and the longest pause after a transient failure.
  package var firstPause: Int64 = 1_000
  package var longestPause: Int64 = 30_000

  package init() {}

  /// Whether to commit now. `recordsSince` and `positionsSince` are the times since when there are uncommitted records, or only
  /// uncommitted positions; `atEnd` is whether the input is read to its end, `lastAtEnd` when it last was; `catchUp` is set
  /// while the stage catches up with a previous one.
  package func isDue(
    now: Int64, recordsSince: Int64?, positionsSince: Int64?, lastCommit: Int64, atEnd: Bool,
    lastAtEnd: Int64?, startedFromNothing: Bool = false, catchUp: CatchUp? = nil
  ) -> Bool {
    if let recordsSince {
      guard now - lastCommit >= shortestInterval else { return false }
      // After `longestWait` at the end it counts as a steady stream, even if records still arrive fast.
      let catchUp = catchUp.flatMap { now - ($0.atEndSince ?? now) < longestWait ? $0 : nil }
      if atEnd { return catchUp.map { isQuiet($0, now: now) } ?? true }
      let isFarBehind = catchUp != nil || lastAtEnd.map { now - $0 > catchUpAfter } ?? true
      let catchUpInterval = startedFromNothing ? firstCatchUpInterval : catchUpInterval
      return now - max(recordsSince, lastCommit) >= (isFarBehind ? catchUpInterval : longestInterval)
    }
    if let positionsSince { return now - positionsSince >= positionsOnlyInterval }
    return false
  }

  /// The catch-up of a stage that started from nothing, until it first commits at the end of its input.
  package struct CatchUp: Sendable {
    /// When it started.
    package var since: Int64
    /// When records last arrived, and how many have arrived.
    package var lastRecords: Int64
    package var records = 0
    /// When it first reached the end with the previous stage caught up.
    package var atEndSince: Int64?

    package init(since: Int64) {
      self.since = since
      lastRecords = since
    }
  }

  private func isQuiet(_ catchUp: CatchUp, now: Int64) -> Bool {
    let wanted = max((catchUp.lastRecords - catchUp.since) / 4, Int64(catchUp.records / 20))
    return now - catchUp.lastRecords >= min(longestQuiet, wanted)
  }
}
