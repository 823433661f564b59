import Contract
import EventLog
import Indicators
import Platform

/// Runs a stage's tasks on a member of its group: the I/O around a `StageMachine`. Owned and run by one thread.
package final class StageDriver<Task: StageTask> {
  /// A drain that is being written.
  package struct Writing {
    package var drain: StageMachine<Task>.Drain
    /// How many records of `drain.outputs` are written.
    package var written = 0
    /// Whether the losses that its tasks repair are committed.
    var isAnnounced: Bool
  }

  let log: any EventLog
  let group: GroupSpec
  let identity: MemberIdentity
  let checkpoints: CheckpointSettings<Task>
  let report: Report
  let count: @Sendable (StageCounts) -> Void
  private let isUpstreamBehind: @Sendable () -> Bool
  private let publish: @Sendable (DriverStatus) -> Void
  /// Milliseconds of a monotonic clock.
  let now: @Sendable () -> Int64

  package let policy: CommitPolicy
  /// All tasks' partitions of the lead topic.
  let leadPartitions: [TopicPartition]
  /// All partitions of the stage's output topics.
  let outputPartitions: [TopicPartition]

  package internal(set) var machine: StageMachine<Task>
  private(set) var member: (any GroupMember)?
  package internal(set) var writing: Writing?
  /// Memory to reuse for the next drain.
  var spareOutputs = OutputBatch()
  var budget: TransactionBudget
  /// The current extents of the outputs, at least.
  var extents = OutputExtents()
  /// The number of known losses of outputs, and by task, the number of those that it has repaired.
  var losses: Int64 = 0
  var repaired: [Int32: Int64] = [:]
  var backoff: Backoff
  /// When a failed part of a drain may be retried.
  var commitRetryAt: Int64 = .min
  /// The error that currently blocks progress; nil if there is none.
  var trouble: String?
  private var published = DriverStatus()
  /// Set during a poll; `settle` acts on them.
  var failure: LogError?
  var mustRebuild = false
  /// Whether records are skipped and read again later, because the tasks have as much pending output as allowed and it cannot
  /// be written now.
  package internal(set) var skipsRecords = false
  var isStopping = false
  /// When to use the log again, after a failure or during the warm-up.
  var pausedUntil: Int64 = .min

  // Restoring
  let restores: RestoreQueue<Task>
  var restoring: [Int32: Restoring] = [:]
  var lastRestoreNumber = 0
  /// Tasks whose restore failed, and when it is retried.
  var restoresToRetry: Set<Int32> = []
  var restoreRetryAt: Int64 = .min
  var restoreBackoff: Backoff
  var restoreReportedAt: Int64 = 0

  /// The restores before joining; nil until the first attempt to join.
  var warmUp: WarmUp?
  /// The index of this member among those of its process, and their number.
  let joining: (number: Int, of: Int)

  // Checkpoints
  package internal(set) var checkpointInProgress: CheckpointInProgress?
  /// By task, the location of its last checkpoint in the log.
  var checkpointReferences: [Int32: CommitNote.CheckpointReference] = [:]
  /// When the next chunk may be written.
  var nextChunkAt: Int64 = .min
  var chunkBackoff: Backoff

  package init(
    log: any EventLog, group: GroupSpec, identity: MemberIdentity, policy: CommitPolicy,
    leadPartitions: [TopicPartition], outputPartitions: [TopicPartition],
    checkpoints: CheckpointSettings<Task>, restoresInBackground: Bool = true,
    joining: (number: Int, of: Int) = (0, 1),
    now: @escaping @Sendable () -> Int64, report: @escaping Report,
    count: @escaping @Sendable (StageCounts) -> Void,
    isUpstreamBehind: @escaping @Sendable () -> Bool = { false },
    publish: @escaping @Sendable (DriverStatus) -> Void = { _ in }
  ) {
    self.log = log
    self.group = group
    self.identity = identity
    self.checkpoints = checkpoints
    self.now = now
    self.report = report
    self.count = count
    self.isUpstreamBehind = isUpstreamBehind
    self.publish = publish
    self.policy = policy
    self.leadPartitions = leadPartitions
    self.outputPartitions = outputPartitions
    self.joining = joining
    budget = TransactionBudget(
      first: min(policy.transactionBytes, Self.firstBudget), most: policy.transactionBytes,
      time: policy.transactionTime)
    backoff = Backoff(first: policy.firstPause, longest: policy.longestPause)
    restoreBackoff = backoff
    chunkBackoff = backoff
    machine = StageMachine(policy: policy)
    restores = RestoreQueue(named: "\(Task.stage.name)-restore", hasOwnThread: restoresInBackground, now: now)
    {
      TaskRestorer(
        $0, from: $1, log: log, checkpoints: checkpoints, maxHeldBytes: policy.maxHeldBytes, now: now)
    }
  }

  /// The size of the first transaction in bytes: small enough for a slow broker. The budget then grows.
  private static var firstBudget: Int { 256 << 10 }

  /// Runs until `isStopped` returns true, then commits, writes checkpoints and leaves the group.
  /// Throws errors that need an operator.
  func run(until isStopped: () -> Bool) throws(LogError) {
    while !isStopped() {
      if isPaused { Clock.sleep(milliseconds: 20) } else { try step() }
    }
    close()
  }

  /// Whether a step would do nothing, since it is too early to use the log again.
  package var isPaused: Bool { now() < pausedUntil }

  /// Joins the group if it is not a member, polls once, and commits if that is due.
  /// Throws errors that need an operator; the member has then left the group.
  package func step() throws(LogError) {
    guard !isPaused else { return }
    do throws(LogError) {
      if member == nil {
        if isWarmingUp() { return publishStatus() }
        try join()
      }
      guard let member else { return }
      machine.isUpstreamBehind = isUpstreamBehind()
      try member.poll(timeout: 10, self)
      try settle(member)
      if writing == nil, machine.isCommitDue(now: now()) {
        prepareDrain(turnRoom: machine.turnRoom(now: now(), bytes: budget.bytes))
      }
      if now() >= commitRetryAt {
        if writing != nil { writePart(member) } else { writeCheckpoint(member) }
        try settle(member)
      }
    } catch {
      leave()
      // No state of the old member may be used any more.
      endRestoring()
      forget(machine.taskNumbers)
      if error.kind == .unusable { throw error }
      pausedUntil = backoff.failed(now: now())
      trouble = "\(error)"
      report(
        .warning,
        LogMessage(
          "\(group.name): \(error); rejoining in \(Self.seconds(pausedUntil - now())) s",
          LogFields(group: group.name, error: error.code)))
    }
    publishStatus()
  }

  static func seconds(_ milliseconds: Int64) -> String {
    let tenths = (milliseconds + 50) / 100
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// Commits, writes checkpoints and leaves the group.
  package func close() {
    isStopping = true
    endRestoring()
    // Before it leaves the group, which gives its tasks to other members.
    if let member, failure == nil, !mustRebuild {
      if machine.isAhead || machine.isTurning || writing != nil { writeAll(member, turns: true) }
      if writing == nil { finishCheckpoints(member) }
    }
    leave()
    publishStatus()
  }

  private func join() throws(LogError) {
    member = try log.join(group, as: identity)
    failure = nil
    mustRebuild = false
    skipsRecords = false
  }

  private func leave() {
    member?.close(self)
    member = nil
  }

  /// Cancels all restores.
  private func endRestoring() {
    restores.close()
    restoring = [:]
    restoresToRetry = []
    warmUp = WarmUp()
  }

  private func publishStatus() {
    let status = DriverStatus(
      isInGroup: member?.isInGroup == true,
      tasks: (machine.taskNumbers + restoringTasks).sorted(),
      restoring: (machine.completingTasks + restoringTasks).sorted(),
      warmingUp: warmUp?.tasksBeingRestored ?? [],
      restore: restores.progress, trouble: trouble)
    guard status != published else { return }
    published = status
    publish(status)
  }

  /// Drops tasks with their state and the output that was drained from them.
  func forget(_ tasks: [Int32]) {
    stopRestoring(tasks)
    if let number = checkpointInProgress?.task, tasks.contains(number) { checkpointInProgress = nil }
    restores.free(machine.remove(tasks))
    guard let drained = writing?.drain.tasks, drained.contains(where: tasks.contains) else { return }
    writing = nil
    // The drain also had the pending output of the member's other tasks.
    if drained.contains(where: { !tasks.contains($0) }) { mustRebuild = true }
  }

  /// Acts on what happened during a poll or a commit: throws its failure, rebuilds tasks, takes restored ones over.
  func settle(_ member: any GroupMember) throws(LogError) {
    if let failure { throw failure }
    if mustRebuild {
      mustRebuild = false
      let tasks = machine.taskNumbers
      writing = nil
      checkpointInProgress = nil
      restores.free(machine.remove(tasks))
      try readOn(try take(on: tasks, member), member)
    }
    try finishRestoring(member)
    endWarmUp()
    if skipsRecords, !mustSkipRecords {
      skipsRecords = false
      try member.read(from: machine.reads)
    }
  }
}
