import EventLog

/// When to commit. All times are in milliseconds of one monotonic clock.
public struct CommitPolicy: Sendable {
  /// Commits are at least this far apart.
  public var shortestInterval: Int64 = 20
  /// While up to date, what has been read is committed at the latest after this time.
  public var longestInterval: Int64 = 100
  /// While far behind: what a replay publishes now it would soon overwrite.
  public var catchUpInterval: Int64 = 30_000
  /// At the end for the first time after having started from nothing, more may come from a stage that catches up itself: what has been
  /// read is committed when nothing has come for a quarter of the time that it took, or a millisecond for each twenty records, or
  /// `longestQuiet`, and at the latest after `longestWait`.
  public var longestQuiet: Int64 = 1_000
  public var longestWait: Int64 = 5_000
  /// Not having been at the end of the input for this long is far behind.
  public var catchUpAfter: Int64 = 1_000
  /// When only positions moved (over transaction markers), there is no hurry.
  public var positionsOnlyInterval: Int64 = 1_000
  /// Bytes of refused events that are not written yet with which a commit is made at once, in the middle of what was read.
  public var mostHeldBytes = 16 << 20

  /// What one transaction holds at the most, in records and in bytes of keys and values; and how long it is to take, which
  /// makes it hold less where brokers are slow.
  public var transactionRecords = 100_000
  public var transactionBytes = 32 << 20
  public var transactionTime: Int64 = 1_000
  /// What a transaction holds of a month's turn besides what events have changed, while up to date: so much that these wait for
  /// some 100 ms at the most.
  public var turnRoom = OutputRoom(bytes: 2 << 20, records: 10_000)
  /// The first pause after a failure that may pass, and the longest.
  public var firstPause: Int64 = 1_000
  public var longestPause: Int64 = 30_000

  public init() {}

  /// Whether to commit now. `recordsSince` and `positionsSince` say since when there are records, or mere positions, to be
  /// committed; `atEnd` whether the input is read up to its end, `lastAtEnd` when it last was; `catchUp` what is known while it
  /// catches up.
  package func isDue(
    now: Int64, recordsSince: Int64?, positionsSince: Int64?, lastCommit: Int64, atEnd: Bool,
    lastAtEnd: Int64?, catchUp: CatchUp? = nil
  ) -> Bool {
    if let recordsSince {
      guard now - lastCommit >= shortestInterval else { return false }
      // After that it is a steady stream, be it a fast one.
      let catchUp = catchUp.flatMap { now - ($0.atEndSince ?? now) < longestWait ? $0 : nil }
      if atEnd { return catchUp.map { isQuiet($0, now: now) } ?? true }
      let isFarBehind = catchUp != nil || lastAtEnd.map { now - $0 > catchUpAfter } ?? true
      return now - max(recordsSince, lastCommit) >= (isFarBehind ? catchUpInterval : longestInterval)
    }
    if let positionsSince { return now - positionsSince >= positionsOnlyInterval }
    return false
  }

  /// A stage that has started from nothing, until it first commits at the end.
  package struct CatchUp: Sendable {
    /// When it began.
    package var since: Int64
    /// When records came last, and how many have come.
    package var lastRecords: Int64
    package var records = 0
    /// When it first was at the end.
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
