import Contract
import EventLog
import Indicators

/// Runs a stage's tasks on a member of its group: the I/O around a `StageMachine`. One thread runs it and owns it.
package final class StageDriver<Task: StageTask>: GroupListener {
  /// What is being written.
  private struct Writing {
    var drain: StageMachine<Task>.Drain
    /// How many of the records that were taken out are written.
    var written = 0
    /// Whether the losses are noted of the tasks that publish again.
    var isAnnounced: Bool
  }

  private let log: any EventLog
  private let group: GroupSpec
  private let identity: MemberIdentity
  private let checkpoints: CheckpointKeeper<Task>
  private let report: Report
  private let count: @Sendable (StageCounts) -> Void
  private let publish: @Sendable (DriverStatus) -> Void
  /// Milliseconds of a monotonic clock.
  private let now: () -> Int64

  /// A test hook.
  private let misbehavior: Misbehavior
  private var isMisbehaving = false

  private let policy: CommitPolicy
  /// Each task's partition of the topic that leads.
  private let leads: [TopicPartition]
  /// Of all output topics of the stage.
  private let outputPartitions: [TopicPartition]

  private var machine: StageMachine<Task>
  private var member: (any GroupMember)?
  private var writing: Writing?
  /// Memory for the next one.
  private var spareOutputs = OutputBatch()
  private var budget: TransactionBudget
  /// What the log holds of the outputs at least.
  private var extents = OutputExtents()
  /// How many losses of outputs are known, and by task, up to which of them all is written again.
  private var losses: Int64 = 0
  private var repaired: [Int32: Int64] = [:]
  private var backoff: Backoff
  /// Before then a part that could not be written is not tried again.
  private var retryingAt: Int64 = .min
  /// Why nothing goes on at the moment; nil if it does.
  private var trouble: String?
  private var published = DriverStatus()
  /// Set inside of a poll, acted upon after it.
  private var failure: LogError?
  private var mustRebuild = false
  /// Tasks hold as much as they may, and it cannot be written now: what comes is passed over, and read again later.
  private var passesOver = false
  private var isStopping = false
  /// When to ask the log again.
  private var restingUntil: Int64 = .min

  package init(
    log: any EventLog, group: GroupSpec, identity: MemberIdentity, context: Task.Context,
    policy: CommitPolicy, leads: [TopicPartition], outputPartitions: [TopicPartition],
    checkpoints: CheckpointKeeper<Task>, now: @escaping () -> Int64,
    report: @escaping Report,
    count: @escaping @Sendable (StageCounts) -> Void,
    publish: @escaping @Sendable (DriverStatus) -> Void = { _ in }, misbehavior: Misbehavior = []
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
    budget = TransactionBudget(
      first: min(policy.transactionBytes, Self.firstBudget), most: policy.transactionBytes,
      time: policy.transactionTime)
    backoff = Backoff(first: policy.firstPause, longest: policy.longestPause)
    self.misbehavior = misbehavior
    machine = StageMachine(context, policy: policy, misbehavior: misbehavior)
  }

  /// Bytes: few enough for a slow broker, and doubled until a transaction takes its time.
  private static var firstBudget: Int { 256 << 10 }

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
      if writing == nil, machine.isCommitDue(now: now()) { prepareDrain() }
      if writing != nil, now() >= retryingAt {
        writePart(member)
        try settle(member)
        if writing == nil { saveCheckpoints(interval: checkpoints.interval) }
      }
    } catch {
      leave()
      // Nothing of the old member's is known to hold any more.
      forget(machine.taskNumbers)
      if error.kind == .unusable { throw error }
      restingUntil = backoff.failed(now: now())
      trouble = "\(error)"
      report(
        .warning, "\(group.name): \(error); joining anew in \(Self.seconds(restingUntil - now())) s")
    }
    publishStatus()
  }

  private static func seconds(_ milliseconds: Int64) -> String {
    let tenths = (milliseconds + 50) / 100
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// Commits, writes checkpoints and leaves the group.
  package func close() {
    isStopping = true
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

  private func publishStatus() {
    let status = DriverStatus(
      isInGroup: member?.isInGroup == true, tasks: machine.taskNumbers, restoring: machine.restoringTasks,
      trouble: trouble)
    guard status != published else { return }
    published = status
    publish(status)
  }

  /// Gives tasks up as they are, and what was drained of them.
  private func forget(_ tasks: [Int32]) {
    machine.remove(tasks)
    guard let drained = writing?.drain.tasks, drained.contains(where: tasks.contains) else { return }
    writing = nil
    // What the others had to write was drained with it.
    if drained.contains(where: { !tasks.contains($0) }) { mustRebuild = true }
  }

  /// Acts upon what happened inside of a poll or a commit.
  private func settle(_ member: any GroupMember) throws(LogError) {
    if let failure { throw failure }
    if mustRebuild {
      mustRebuild = false
      let tasks = machine.taskNumbers
      writing = nil
      machine.remove(tasks)
      let reads = try take(on: tasks, member)
      if !misbehavior.contains(.rebuildsWithoutRewind) { try member.read(from: reads) }
    }
    let reads = machine.finishRestoring(now: now())
    if !reads.isEmpty { try member.read(from: reads) }
    if passesOver, !mustPassOver {
      passesOver = false
      try member.read(from: machine.reads)
    }
  }

  /// Whether no record may be taken in now.
  private var mustPassOver: Bool { machine.isFull || writing?.drain.isRest == false }

  // MARK: Writing

  private func prepareDrain() {
    var memory = OutputBatch()
    swap(&memory, &spareOutputs)
    do throws(LogError) {
      let drain = try machine.prepareCommit(
        reusing: memory, mostBytes: budget.bytes, mostRecords: policy.transactionRecords)
      guard !drain.positions.isEmpty else { return }
      writing = Writing(
        drain: drain,
        isAnnounced: drain.publishingAgain.isEmpty || misbehavior.contains(.repairsUnannounced))
      if !drain.isRest { passesOver = true }
    } catch {
      failure = error
    }
  }

  /// Takes out what is to be written next, once all that was taken out is.
  private func goOn(with drain: consuming StageMachine<Task>.Drain) {
    do throws(LogError) {
      try machine.takeOut(&drain, mostBytes: budget.bytes, mostRecords: policy.transactionRecords)
      writing = Writing(drain: drain, isAnnounced: true)
    } catch {
      failure = error
    }
  }

  /// Writes all that live tasks have to write, if it can be written now.
  private func writeAll(_ member: any GroupMember) {
    while failure == nil, !mustRebuild {
      if writing == nil { prepareDrain() }
      guard writing != nil else { return }
      retryingAt = .min
      writePart(member)
      guard retryingAt == .min else { return }
    }
  }

  /// One transaction with as much of the drain as the budget allows. The last one commits the positions; those before it
  /// commit the old ones again, and note how far their outputs speak. A transaction that was aborted is tried again, in
  /// smaller parts: the state in memory is still what it is drained to. If that is not certain, the state is rebuilt.
  private func writePart(_ member: any GroupMember) {
    guard let writing else { return }
    let (drain, written) = (writing.drain, writing.written)
    // That outputs were lost is noted before anything is written again, which would hide it.
    var part =
      writing.isAnnounced
      ? drain.outputs.part(from: written, mostBytes: budget.bytes, mostRecords: policy.transactionRecords)
      : OutputBatch.Part(outputs: OutputBatch(), next: written)
    let isLast = part.next == nil && drain.isRest
    let grown = extents.adding(part.outputs)
    if !misbehavior.isEmpty { misbehaveDuringCommit(member, of: drain, from: written, &part) }
    let positions = isLast || misbehavior.contains(.commitsPositionsEarly) ? drain.positions : drain.before
    let isNoted = !isLast && !misbehavior.contains(.concealsWhatIsSpoken)
    let notes = notes(of: drain, isLast: isLast, spoken: isNoted, grown.noted)
    let start = now()
    switch misbehavior.misread(
      member.commit(part.outputs, positions: misbehavior.forget(positions), notes: notes))
    {
    case .committed:
      extents = grown
      budget.succeeded(part.outputs.byteCount, milliseconds: now() - start)
      backoff.succeeded()
      trouble = nil
      if isLast { return finishDrain(member) }
      self.writing?.isAnnounced = true
      if let next = part.next { self.writing?.written = next } else { goOn(with: drain) }
    case .aborted(let error) where error.kind == .unusable:
      failure = error
    case .aborted(let error):
      budget.failed(part.outputs.byteCount)
      retryingAt = backoff.failed(now: now())
      trouble = "\(error)"
      report(
        .warning,
        "\(group.name): commit failed, trying again in \(Self.seconds(retryingAt - now())) s: \(error)")
    case .unknown(let error):
      report(.warning, "\(group.name): commit failed, rebuilding from what is committed: \(error)")
      mustRebuild = true
    case .fatal(let error):
      failure = error
    }
  }

  private func finishDrain(_ member: any GroupMember) {
    guard let drain = writing?.drain else { return }
    writing = nil
    for task in drain.publishingAgain { repaired[task] = losses }
    let reads = machine.commitSucceeded(drain, now: now())
    spareOutputs = drain.outputs
    count(drain.counts)
    guard !reads.isEmpty else { return }
    do throws(LogError) {
      try member.read(from: reads)
    } catch {
      failure = error
    }
  }

  /// Of each task, with its position in the topic that leads.
  private func notes(
    of whole: StageMachine<Task>.Drain, isLast: Bool, spoken: Bool, _ outputs: [CommitNote.Extent]
  ) -> [TopicPartition: String] {
    var notes: [TopicPartition: String] = [:]
    for task in whole.tasks {
      let partitions = StageMachine<Task>.partitions(of: task)
      let positions =
        spoken
        ? Positions(uniqueKeysWithValues: partitions.map { ($0, whole.positions[$0] ?? 0) }) : nil
      var note = CommitNote(spoken: positions, outputs: outputs)
      note.losses = losses
      // What was lost is not made up for before all of it is written again.
      let isRepaired =
        (isLast || misbehavior.contains(.countsRepairsEarly)) && whole.publishingAgain.contains(task)
      note.repaired = isRepaired ? losses : repaired[task] ?? 0
      notes[partitions[0]] = note.text
    }
    return notes
  }

  private func misbehaveDuringCommit(
    _ member: any GroupMember, of whole: StageMachine<Task>.Drain, from written: Int,
    _ part: inout OutputBatch.Part
  ) {
    if misbehavior.contains(.processesDuringCommit), !isMisbehaving {
      isMisbehaving = true
      defer { isMisbehaving = false }
      try? member.poll(timeout: 0, self)
    }
    if misbehavior.contains(.writesOnceTwice), written == 0, part.next != nil {
      whole.outputs.forEach { record in
        guard record.topic == .rejectedEvents else { return }
        part.outputs.append(
          record.topic, partition: record.partition, key: record.key, value: record.value,
          carried: record.headers)
      }
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
    let lost = try lookForLosses()
    var reads: Positions = [:]
    for number in tasks {
      let lead = TopicPartition(Task.stage.inputs[0], number)
      let note = try committed.notes[lead].map { (text) throws(LogError) in try CommitNote(text, of: lead) }
      repaired[number] = note?.repaired
      let publishesAgain = note?.repaired ?? 0 < losses && !misbehavior.contains(.overlooksLostOutputs)
      if publishesAgain { reportAgain(number, lost) }
      let checkpoint = checkpoints.load(
        number, notAfter: misbehavior.overrate(committed.positions, of: partitions))
      let start = try machine.assign(
        number, checkpoint: checkpoint, committed: committed.positions,
        spoken: note?.spokenPositions(of: number), publishingAgain: publishesAgain,
        beginnings: beginnings, now: now())
      reads.merge(start) { $1 }
    }
    return reads
  }

  /// Finds out what the log holds of the outputs, and whether any of that is gone. Returns the topics of which that was not
  /// known. Throws an `unusable` error if it cannot be written again.
  private func lookForLosses() throws(LogError) -> [Topic] {
    let before = OutputLosses(try log.commitNotes(leads, of: group.name))
    extents = try log.extents(of: outputPartitions)
    // Another member may have noticed meanwhile, and written again what the extents hold.
    let known = max(before.known, OutputLosses(try log.commitNotes(leads, of: group.name)).known)
    let lost = before.unnoticed(in: extents, known: known)
    if let remedy = Task.stage.remedy, !lost.isEmpty {
      throw LogError(
        .unusable, code: "OUTPUT_LOST",
        "\(names(of: lost)) no longer has what was written to it: it was truncated, or deleted and created again; "
          + remedy)
    }
    let all = known + (lost.isEmpty ? 0 : 1)
    if all > losses {
      losses = all
      // Tasks that are live have not noticed.
      if machine.taskNumbers.contains(where: { repaired[$0] ?? 0 < all }) { mustRebuild = true }
    }
    return lost
  }

  private func names(of topics: [Topic]) -> String {
    topics.map { $0.name(in: log.generation) }.joined(separator: " and ")
  }

  private func reportAgain(_ number: Int32, _ lost: [Topic]) {
    let names = lost.isEmpty ? "an output of \(group.name)" : names(of: lost)
    report(
      .warning,
      "\(names) no longer has what was written to it; task \(number) of \(group.name) publishes all of its result again"
    )
  }

  // MARK: GroupListener

  package func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
    guard let member else { return [:] }
    return try take(on: tasks, member)
  }

  package func revoked(_ tasks: [Int32]) {
    if misbehavior.contains(.commitsAfterRevocation), !isStopping { return }
    if let member, failure == nil, !mustRebuild, machine.isAhead || writing != nil { writeAll(member) }
    if failure == nil, !mustRebuild, writing == nil {
      // Rebalances come in rows, and a stop comes once.
      saveCheckpoints(interval: isStopping ? 0 : checkpoints.intervalWhenGivenUp)
    }
    forget(tasks)
  }

  package func lost(_ tasks: [Int32]) {
    report(.warning, "\(group.name): lost tasks \(tasks) to other members")
    if misbehavior.contains(.commitsLostTasks), let member, failure == nil, !mustRebuild { writeAll(member) }
    forget(tasks)
  }

  package func received(_ records: UnsafeBufferPointer<Record>) {
    var rest = records
    // A task traps if it is given records while it is taken out in parts, so even the planted bug does not do that.
    let isMisled = misbehavior.contains(.takesRecordsWhilePassingOver) && writing?.drain.isRest != false
    var isIgnored = passesOver && !isMisled
    while !rest.isEmpty, failure == nil, !mustRebuild, !isIgnored {
      do throws(LogError) {
        rest = UnsafeBufferPointer(rebasing: rest[try machine.receive(rest, now: now())...])
      } catch {
        failure = error
      }
      // What tasks hold is bounded, and so is a transaction, however much is refused of what one poll hands out.
      guard failure == nil, let member, machine.isFull else { continue }
      if now() >= retryingAt { writeAll(member) }
      passesOver = mustPassOver
      isIgnored = passesOver
    }
  }

  package func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    guard failure == nil, !mustRebuild,
      !passesOver || misbehavior.contains(.takesPositionsWhilePassingOver)
    else { return }
    do throws(LogError) {
      try machine.reachEnd(of: partition, at: offset, now: now())
    } catch {
      failure = error
    }
  }

  package func nearedEnd(of partition: TopicPartition) {
    guard failure == nil, !mustRebuild, !passesOver else { return }
    machine.nearEnd(of: partition, now: now())
  }
}
