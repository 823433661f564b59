import Contract
import EventLog
import Indicators

/// Runs a stage's tasks on a member of its group: the I/O around a `StageMachine`. One thread runs it and owns it.
package final class StageDriver<Task: StageTask>: GroupListener {
  private let log: any EventLog
  private let group: GroupSpec
  private let identity: MemberIdentity
  private let checkpoints: CheckpointKeeper<Task>
  private let report: @Sendable (String) -> Void
  private let count: @Sendable (StageCounts) -> Void
  /// Milliseconds of a monotonic clock.
  private let now: () -> Int64

  /// A test hook.
  private let misbehavior: Misbehavior
  private var isMisbehaving = false

  private var machine: StageMachine<Task>
  private var member: (any GroupMember)?
  private var outputs = OutputBatch()
  /// Set inside of a poll, acted upon after it.
  private var failure: LogError?
  private var mustRebuild = false
  private var isStopping = false
  /// When to ask the log again.
  private var restingUntil: Int64 = .min

  package init(
    log: any EventLog, group: GroupSpec, identity: MemberIdentity, context: Task.Context,
    policy: CommitPolicy,
    checkpoints: CheckpointKeeper<Task>, now: @escaping () -> Int64,
    report: @escaping @Sendable (String) -> Void,
    count: @escaping @Sendable (StageCounts) -> Void, misbehavior: Misbehavior = []
  ) {
    self.log = log
    self.group = group
    self.identity = identity
    self.checkpoints = checkpoints
    self.now = now
    self.report = report
    self.count = count
    self.misbehavior = misbehavior
    machine = StageMachine(context, policy: policy, misbehavior: misbehavior)
  }

  /// Runs until `isStopped` says so, then commits, writes checkpoints and leaves the group.
  /// Throws what only people can mend.
  func run(until isStopped: () -> Bool) throws(LogError) {
    while !isStopped() {
      if isResting { sleepMilliseconds(20) } else { try step() }
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
      if member == nil { try join() }
      guard let member else { return }
      try member.poll(timeout: 10, self)
      try settle(member)
      if machine.isCommitDue(now: now()) {
        commit(member)
        try settle(member)
        saveCheckpoints(interval: checkpoints.interval)
      }
    } catch {
      leave()
      // Nothing of the old member's is known to hold any more.
      machine.remove(machine.taskNumbers)
      if error.kind == .unusable { throw error }
      report("\(group.name): \(error); joining anew")
      restingUntil = now() + 1_000
    }
  }

  /// Commits, writes checkpoints and leaves the group.
  package func close() {
    isStopping = true
    leave()
  }

  private func join() throws(LogError) {
    member = try log.join(group, as: identity)
    failure = nil
    mustRebuild = false
  }

  private func leave() {
    member?.close(self)
    member = nil
  }

  /// Acts upon what happened inside of a poll or a commit.
  private func settle(_ member: any GroupMember) throws(LogError) {
    if let failure { throw failure }
    if mustRebuild {
      mustRebuild = false
      let tasks = machine.taskNumbers
      machine.remove(tasks)
      let reads = try take(on: tasks, member)
      if !misbehavior.contains(.rebuildsWithoutRewind) { try member.read(from: reads) }
    }
    let reads = machine.finishRestoring()
    if !reads.isEmpty { try member.read(from: reads) }
  }

  /// One transaction with what all live tasks have to write. After anything but success the state in memory is ahead of the
  /// log, and is rebuilt.
  private func commit(_ member: any GroupMember) {
    outputs.removeAll()
    let positions: Positions
    do throws(LogError) {
      positions = try machine.prepareCommit(into: &outputs)
    } catch {
      failure = error
      return
    }
    guard !positions.isEmpty else { return }
    if !misbehavior.isEmpty { misbehaveDuringCommit(member) }
    switch misbehavior.misread(member.commit(outputs, positions: misbehavior.forget(positions))) {
    case .committed:
      count(machine.commitSucceeded(now: now()))
    case .aborted(let error) where error.kind == .unusable:
      failure = error
    case .aborted(let error), .unknown(let error):
      report("\(group.name): commit failed, rebuilding from what is committed: \(error)")
      mustRebuild = true
    case .fatal(let error):
      failure = error
    }
  }

  private func misbehaveDuringCommit(_ member: any GroupMember) {
    if misbehavior.contains(.processesDuringCommit), !isMisbehaving {
      isMisbehaving = true
      defer { isMisbehaving = false }
      try? member.poll(timeout: 0, self)
    }
    guard misbehavior.contains(.checkpointsUncommitted) else { return }
    for number in machine.taskNumbers {
      if let (task, positions) = machine.liveTask(number) { checkpoints.save(task, number, at: positions) }
    }
  }

  private func saveCheckpoints(interval: Int64) {
    for (number, task, positions) in machine.tasksToCheckpoint(now: now(), interval: interval) {
      checkpoints.save(task, number, at: positions)
    }
  }

  /// Loads tasks as the log's committed positions and the checkpoints have them. Returns where to read.
  private func take(on tasks: [Int32], _ member: any GroupMember) throws(LogError) -> Positions {
    let partitions = tasks.flatMap(StageMachine<Task>.partitions)
    let committed = try member.committed(partitions)
    let beginnings = try member.beginnings(partitions)
    var reads: Positions = [:]
    for number in tasks {
      let checkpoint = checkpoints.load(number, notAfter: misbehavior.overrate(committed, of: partitions))
      let start = try machine.assign(
        number, checkpoint: checkpoint, committed: committed, beginnings: beginnings, now: now())
      reads.merge(start) { $1 }
    }
    return reads
  }

  // MARK: GroupListener

  package func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
    guard let member else { return [:] }
    return try take(on: tasks, member)
  }

  package func revoked(_ tasks: [Int32]) {
    if misbehavior.contains(.commitsAfterRevocation), !isStopping { return }
    if let member, failure == nil, !mustRebuild, machine.isAhead { commit(member) }
    if failure == nil, !mustRebuild {
      // Rebalances come in rows, and a stop comes once.
      saveCheckpoints(interval: isStopping ? 0 : checkpoints.intervalWhenGivenUp)
    }
    machine.remove(tasks)
  }

  package func lost(_ tasks: [Int32]) {
    report("\(group.name): lost tasks \(tasks) to other members")
    if misbehavior.contains(.commitsLostTasks), let member, failure == nil, !mustRebuild { commit(member) }
    machine.remove(tasks)
  }

  package func received(_ records: UnsafeBufferPointer<Record>) {
    var rest = records
    while !rest.isEmpty, failure == nil, !mustRebuild {
      do throws(LogError) {
        rest = UnsafeBufferPointer(rebasing: rest[try machine.receive(rest, now: now())...])
      } catch {
        failure = error
      }
      // What tasks hold is bounded, and so is a transaction, however much is refused of what one poll hands out.
      if failure == nil, let member, machine.isFull { commit(member) }
    }
  }

  package func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    guard failure == nil, !mustRebuild else { return }
    do throws(LogError) {
      try machine.reachEnd(of: partition, at: offset, now: now())
    } catch {
      failure = error
    }
  }

  package func nearedEnd(of partition: TopicPartition) {
    guard failure == nil, !mustRebuild else { return }
    machine.nearEnd(of: partition, now: now())
  }
}
