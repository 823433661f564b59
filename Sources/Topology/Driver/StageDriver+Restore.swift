import Contract
import EventLog
import Indicators

extension StageDriver {
  /// A task that is being restored.
  struct Restoring {
    var request: RestoreRequest
    /// The positions of a drain that an earlier owner wrote only in part; nil if there is none.
    var spoken: Positions?
  }

  var restoringTasks: [Int32] { Array(restoring.keys) + restoresToRetry }

  /// Takes over assigned tasks. Those with committed positions are restored in the background; the others go live at once.
  /// Returns the positions to read the latter from.
  func take(on tasks: [Int32], _ member: any GroupMember) throws(LogError) -> Positions {
    let partitions = tasks.flatMap(StageMachine<Task>.partitions)
    let committed = try member.committed(partitions)
    let beginnings = try member.beginnings(partitions)
    let lost = try detectLosses()
    stopRestoring(tasks)
    var reads: Positions = [:]
    for number in tasks {
      let lead = TopicPartition(Task.stage.inputs[0], number)
      let note = try committed.notes[lead].map { (text) throws(LogError) in try CommitNote(text, of: lead) }
      repaired[number] = note?.repaired
      checkpointReferences[number] = note?.checkpoint
      if mustPublishAgain(number) { reportRepublishing(number, lost) }
      lastRestoreNumber += 1
      let request = RestoreRequest(
        task: number, committed: committed.positions.filter { $0.key.partition == number },
        checkpoint: note?.checkpoint, turningFrom: note?.turningFrom.map { Month(index: Int32($0)) },
        number: lastRestoreNumber)
      let restored = Restoring(request: request, spoken: note?.spokenPositions(of: number))
      guard let start = try newTask(for: request, beginnings) else {
        if restoring.isEmpty { restoreReportedAt = now() }
        restoring[number] = restored
        restores.add(request, from: takeWarmedUp(request))
        continue
      }
      reads.merge(assign(restored, start, isCheckpointed: true)) { $1 }
    }
    return reads
  }

  /// A new task, if there is nothing to restore; otherwise nil. Throws an `unusable` error if the log no longer has the records
  /// that it must read.
  private func newTask(
    for request: RestoreRequest, _ beginnings: Positions
  ) throws(LogError) -> Checkpoint<Task>? {
    guard !Task.needsHistory || request.committed.values.allSatisfy({ $0 == 0 }) else { return nil }
    for partition in StageMachine<Task>.partitions(of: request.task) {
      try partition.requireRecords(from: request.committed[partition] ?? 0, beginnings: beginnings)
    }
    return Checkpoint(task: Task(partition: request.task, checkpoints.context), positions: [:])
  }

  private func assign(
    _ restored: Restoring, _ task: Checkpoint<Task>, isCheckpointed: Bool
  ) -> Positions {
    let number = restored.request.task
    return machine.assign(
      number, task, committed: restored.request.committed, spoken: restored.spoken,
      publishingAgain: mustPublishAgain(number), turningFrom: restored.request.turningFrom,
      isCheckpointed: isCheckpointed, now: now())
  }

  /// Whether outputs were lost that the task has not republished.
  package func mustPublishAgain(_ number: Int32) -> Bool {
    repaired[number] ?? 0 < losses
  }

  func stopRestoring(_ tasks: [Int32]) {
    restores.cancel(tasks)
    for number in tasks { restoring[number] = nil }
    restoresToRetry.subtract(tasks)
  }

  /// Takes over the tasks that are restored, and retries failed restores. Throws errors that need an operator.
  func finishRestoring(_ member: any GroupMember) throws(LogError) {
    for outcome in restores.take() {
      let number = outcome.request.task
      guard let restored = restoring[number], restored.request.number == outcome.request.number else {
        continue
      }
      restoring[number] = nil
      switch outcome.result {
      case .success(let task):
        restoreBackoff.succeeded()
        reportRestored(outcome)
        let isCheckpointed = outcome.progress.isAsCheckpointed
        try readOn(assign(restored, task, isCheckpointed: isCheckpointed), member)
      case .failure(let error):
        if error.kind == .unusable { throw error }
        restoresToRetry.insert(number)
        restoreRetryAt = restoreBackoff.failed(now: now())
        report(
          .warning,
          LogMessage(
            "\(group.name): task \(number) could not be restored, retrying: \(error)",
            LogFields(group: group.name, task: number, error: error.code)))
      }
    }
    if !restoresToRetry.isEmpty, now() >= restoreRetryAt {
      try readOn(try take(on: restoresToRetry.sorted(), member), member)
    }
    reportRestoring()
  }

  /// Makes the member read on from these positions, if there are any.
  func readOn(_ reads: Positions, _ member: any GroupMember) throws(LogError) {
    if !reads.isEmpty { try member.read(from: reads) }
  }

  // MARK: Reports

  private func reportRestored(_ outcome: RestoreQueue<Task>.Outcome) {
    let (task, progress) = (outcome.request.task, outcome.progress)
    var counts = StageCounts()
    counts.restores = [StageCounts.Restore(hasCheckpoint: progress.hasCheckpoint, milliseconds: outcome.took)]
    if progress.hasCheckpoint { counts.checkpointBytes = [task: progress.checkpointBytes] }
    count(counts)
    report(
      .info,
      LogMessage(
        "\(group.name): task \(task) is restored from \(progress.origin), replayed \(progress.done) offsets, in "
          + "\(Self.seconds(outcome.took)) s", LogFields(group: group.name, task: task)))
  }

  /// Reports progress every ten seconds.
  private func reportRestoring() {
    guard !restoring.isEmpty, now() - restoreReportedAt >= 10_000, let progress = restores.progress else {
      return
    }
    restoreReportedAt = now()
    let left =
      progress.total > 0 && progress.done > 0
      ? ", about \(Self.seconds((progress.total - progress.done) * progress.replayed / progress.done)) s left"
      : ""
    let more = restoring.count > 1 ? "; \(restoring.count - 1) more tasks are waiting" : ""
    report(
      .info,
      LogMessage(
        "\(group.name): restoring task \(progress.task): \(progress)\(left)\(more)",
        LogFields(group: group.name, task: progress.task)))
  }
}
