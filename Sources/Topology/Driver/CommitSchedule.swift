import EventLog

/// Tracks what a stage has read and not committed yet, since when, and how far it is behind; decides when it commits next. All
/// times are in milliseconds of one monotonic clock.
struct CommitSchedule {
  private let policy: CommitPolicy
  private let followsAnother: Bool
  private var recordsSince: Int64?
  private var positionsSince: Int64?
  private var lastCommit: Int64 = .min / 2
  private var lastAtEnd: Int64?
  /// Set while the stage catches up from nothing.
  private var catchUp: CommitPolicy.CatchUp?
  /// Whether a task was assigned without any committed position, and no commit was at the end of the input since.
  private var startedFromNothing = false
  /// Whether the previous stage has yet to process input that was in the log when this process started.
  var isUpstreamBehind = false

  init(_ policy: CommitPolicy, followsAnother: Bool) {
    self.policy = policy
    self.followsAnother = followsAnother
  }

  /// Whether anything that was read is not committed yet.
  var isAhead: Bool { recordsSince != nil || positionsSince != nil }

  // MARK: What has happened

  /// A task was assigned that has no committed position.
  mutating func noteNewTask() { startedFromNothing = true }

  /// A task has more to write, without having read anything.
  mutating func noteChange(now: Int64) {
    if recordsSince == nil { recordsSince = now }
  }

  mutating func noteRecords(_ count: Int, now: Int64) {
    noteChange(now: now)
    guard followsAnother, startedFromNothing else { return }
    if catchUp == nil { catchUp = CommitPolicy.CatchUp(since: now) }
    catchUp?.lastRecords = now
    catchUp?.records += count
  }

  /// Positions have moved over transaction markers, without records.
  mutating func notePositions(now: Int64) {
    if positionsSince == nil { positionsSince = now }
  }

  /// All partitions are read up to their ends.
  mutating func noteEnd(now: Int64) {
    lastAtEnd = now
    if !isUpstreamBehind, catchUp?.atEndSince == nil { catchUp?.atEndSince = now }
  }

  mutating func noteCommit(now: Int64, isAtEnd: Bool) {
    lastCommit = now
    if isAtEnd, !mustWaitForUpstream {
      catchUp = nil
      if recordsSince != nil { startedFromNothing = false }
    }
    if recordsSince != nil { recordsSince = now }
    if positionsSince != nil { positionsSince = now }
  }

  /// Everything that was read is committed.
  mutating func noteNothingAhead() {
    recordsSince = nil
    positionsSince = nil
  }

  // MARK: What is due

  func isDue(now: Int64, isAtEnd: Bool) -> Bool {
    policy.isDue(
      now: now, recordsSince: recordsSince, positionsSince: positionsSince, lastCommit: lastCommit,
      atEnd: isAtEnd && !mustWaitForUpstream, lastAtEnd: lastAtEnd, startedFromNothing: startedFromNothing,
      catchUp: catchUp)
  }

  /// Whether the end of the input is not the end, since the previous stage will write more of what it is catching up with.
  private var mustWaitForUpstream: Bool { catchUp != nil && isUpstreamBehind }

  /// Whether more of a month change may be written.
  func isTurnDue(now: Int64) -> Bool { now - lastCommit >= policy.shortestInterval }

  /// The maximum outputs of a month change in a commit of up to `bytes`, so that events do not have to wait for all of it. Nil
  /// for no limit: while the stage is behind, they wait anyway.
  func turnRoom(now: Int64, bytes: Int, isAtEnd: Bool) -> OutputRoom? {
    let isUpToDate = isAtEnd || lastAtEnd.map { now - $0 <= policy.catchUpAfter } ?? false
    guard isUpToDate, catchUp == nil, !startedFromNothing else { return nil }
    return OutputRoom(bytes: min(policy.turnRoom.bytes, bytes / 2), records: policy.turnRoom.records)
  }
}
