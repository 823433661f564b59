import Contract
import EventLog
import Indicators
import Platform

/// Runs a stage's tasks on a member of its group: the I/O around a `StageMachine`. Owned and run by one thread.
package final class StageDriver<Task: StageTask> {
  /// What is being written.
  package struct Writing {
    package var drain: StageMachine<Task>.Drain
    /// How many of the records that were taken out are written.
    package var written = 0
    /// Whether the losses are noted of the tasks that publish again.
    var isAnnounced: Bool
  }

  let log: any EventLog
  let group: GroupSpec
  let identity: MemberIdentity
  let checkpoints: CheckpointSettings<Task>
  let report: Report
  let count: @Sendable (StageCounts) -> Void
  private let publish: @Sendable (DriverStatus) -> Void
  /// Milliseconds of a monotonic clock.
  let now: @Sendable () -> Int64

  package let policy: CommitPolicy
  /// Each task's partition of the topic that leads.
  let leads: [TopicPartition]
  /// Of all output topics of the stage.
  let outputPartitions: [TopicPartition]

  package internal(set) var machine: StageMachine<Task>
  private(set) var member: (any GroupMember)?
  package internal(set) var writing: Writing?
  /// Memory for the next one.
  var spareOutputs = OutputBatch()
  var budget: TransactionBudget
  /// What the log holds of the outputs at least.
  var extents = OutputExtents()
  /// How many losses of outputs are known, and by task, up to which of them all is written again.
  var losses: Int64 = 0
  var repaired: [Int32: Int64] = [:]
  var backoff: Backoff
  /// When a failed part of a drain may be retried.
  var retryingAt: Int64 = .min
  /// The error that currently blocks progress; nil if there is none.
  var trouble: String?
  private var published = DriverStatus()
  /// Set inside of a poll, acted upon after it.
  var failure: LogError?
  var mustRebuild = false
  /// Whether records are skipped and read again later, because the tasks have as much pending output as allowed and it cannot
  /// be written now.
  package internal(set) var passesOver = false
  var isStopping = false
  /// When to ask the log again.
  var restingUntil: Int64 = .min

  // Restoring
  let restores: RestoreQueue<Task>
  var restoring: [Int32: Restoring] = [:]
  var restoresAsked = 0
  /// Tasks that could not be restored, and when that is tried again.
  var toRestore: Set<Int32> = []
  var restoringAgainAt: Int64 = .min
  var restoreBackoff: Backoff
  var restoreReportedAt: Int64 = 0

  /// What is restored before it joins; nil before that has begun.
  var warmUp: WarmUp?
  /// The number of this member among those of its process, and how many these are.
  let joining: (number: Int, of: Int)

  // Checkpoints
  package internal(set) var taking: TakenCheckpoint?
  /// By task, where its last checkpoint is in the log.
  var checkpointed: [Int32: CommitNote.CheckpointReference] = [:]
  /// Before then no chunk is written.
  var nextChunkAt: Int64 = .min
  var chunkBackoff: Backoff

  package init(
    log: any EventLog, group: GroupSpec, identity: MemberIdentity, policy: CommitPolicy,
    leads: [TopicPartition], outputPartitions: [TopicPartition],
    checkpoints: CheckpointSettings<Task>, restoresApart: Bool = true,
    joining: (number: Int, of: Int) = (0, 1),
    now: @escaping @Sendable () -> Int64, report: @escaping Report,
    count: @escaping @Sendable (StageCounts) -> Void,
    publish: @escaping @Sendable (DriverStatus) -> Void = { _ in }
  ) {
    self.log = log
    self.group = group
    self.identity = identity
    self.checkpoints = checkpoints
    self.now = now
    self.report = report
    self.count = count
    self.publish = publish
    self.policy = policy
    self.leads = leads
    self.outputPartitions = outputPartitions
    self.joining = joining
    budget = TransactionBudget(
      first: min(policy.transactionBytes, Self.firstBudget), most: policy.transactionBytes,
      time: policy.transactionTime)
    backoff = Backoff(first: policy.firstPause, longest: policy.longestPause)
    restoreBackoff = backoff
    chunkBackoff = backoff
    machine = StageMachine(policy: policy)
    restores = RestoreQueue(named: "\(Task.stage.name)-restore", hasOwnThread: restoresApart, now: now) {
      TaskRestorer(
        $0, from: $1, log: log, checkpoints: checkpoints, mostHeldBytes: policy.mostHeldBytes, now: now)
    }
  }

  /// Bytes: few enough for a slow broker, and doubled until a transaction takes its time.
  private static var firstBudget: Int { 256 << 10 }

  /// Runs until `isStopped` returns true, then commits, writes checkpoints and leaves the group.
  /// Throws what only people can mend.
  func run(until isStopped: () -> Bool) throws(LogError) {
    while !isStopped() {
      if isResting { Clock.sleep(milliseconds: 20) } else { try step() }
    }
    close()
  }

  /// Whether a step would do nothing: a log that is down is not asked in a loop.
  package var isResting: Bool { now() < restingUntil }

  /// Joins the group unless it has, polls once, and commits if that is due.
  /// Throws what only people can mend; the group is left then.
  package func step() throws(LogError) {
    guard !isResting else { return }
    do throws(LogError) {
      if member == nil {
        if isWarmingUp() { return publishStatus() }
        try join()
      }
      guard let member else { return }
      try member.poll(timeout: 10, self)
      try settle(member)
      if writing == nil, machine.isCommitDue(now: now()) {
        prepareDrain(turnRoom: machine.turnRoom(now: now(), bytes: budget.bytes))
      }
      if now() >= retryingAt {
        if writing != nil { writePart(member) } else { writeCheckpoint(member) }
        try settle(member)
      }
    } catch {
      leave()
      // Nothing of the old member's is known to hold any more.
      endRestoring()
      forget(machine.taskNumbers)
      if error.kind == .unusable { throw error }
      restingUntil = backoff.failed(now: now())
      trouble = "\(error)"
      report(
        .warning,
        LogMessage(
          "\(group.name): \(error); rejoining in \(Self.seconds(restingUntil - now())) s",
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
    // Before it leaves: then it has until its session ends, and no longer.
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
    passesOver = false
  }

  private func leave() {
    member?.close(self)
    member = nil
  }

  /// Gives up what is being restored.
  private func endRestoring() {
    restores.close()
    restoring = [:]
    toRestore = []
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

  /// Gives tasks up as they are, and what was drained of them.
  func forget(_ tasks: [Int32]) {
    stopRestoring(tasks)
    if let number = taking?.task, tasks.contains(number) { taking = nil }
    restores.free(machine.remove(tasks))
    guard let drained = writing?.drain.tasks, drained.contains(where: tasks.contains) else { return }
    writing = nil
    // What the others had to write was drained with it.
    if drained.contains(where: { !tasks.contains($0) }) { mustRebuild = true }
  }

  /// Acts upon what happened inside of a poll or a commit.
  func settle(_ member: any GroupMember) throws(LogError) {
    if let failure { throw failure }
    if mustRebuild {
      mustRebuild = false
      let tasks = machine.taskNumbers
      writing = nil
      taking = nil
      restores.free(machine.remove(tasks))
      try readOn(try take(on: tasks, member), member)
    }
    try finishRestoring(member)
    endWarmUp()
    if passesOver, !mustPassOver {
      passesOver = false
      try member.read(from: machine.reads)
    }
  }
}
