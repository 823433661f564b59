import Contract
import EventLog
import Indicators

extension StageDriver {
  /// Takes the first part of a drain out of the tasks, if they have anything to write. `turnRoom` limits the outputs of a month
  /// change; nil for no limit.
  func prepareDrain(turnRoom: OutputRoom?) {
    var memory = OutputBatch()
    swap(&memory, &spareOutputs)
    do throws(LogError) {
      let drain = try machine.prepareCommit(
        reusing: memory, room: room, turnRoom: turnRoom)
      guard !drain.positions.isEmpty else { return }
      writing = Writing(drain: drain, isAnnounced: drain.publishingAgain.isEmpty)
      if !drain.isLastPart { skipsRecords = true }
    } catch {
      failure = error
    }
  }

  /// Takes the next part of a drain out of the tasks. Nothing else holds the outputs of the last part, so their memory is reused.
  private func continueDrain() {
    guard var drain = writing.take()?.drain else { return }
    do throws(LogError) {
      try machine.takeOut(&drain, room: room)
      writing = Writing(drain: drain, isAnnounced: true)
    } catch {
      failure = error
    }
  }

  /// The maximum size of one transaction.
  private var room: OutputRoom { OutputRoom(bytes: budget.bytes, records: policy.transactionRecords) }

  /// Writes all pending output of the live tasks, until a commit fails. With `turns`, that includes month changes to their end;
  /// otherwise nothing more of them.
  package func writeAll(_ member: any GroupMember, turns: Bool) {
    while failure == nil, !mustRebuild {
      if writing == nil { prepareDrain(turnRoom: turns ? nil : OutputRoom(bytes: 0, records: 0)) }
      guard writing != nil else { return }
      commitRetryAt = .min
      writePart(member)
      guard commitRetryAt == .min else { return }
    }
  }

  /// Commits one transaction with as much of the drain as the budget allows. The last one commits the new positions; those
  /// before it commit the old ones again, with the spoken positions in their notes. An aborted transaction is retried in
  /// smaller parts, since the state in memory still matches the drain. If the outcome is unknown, the tasks are restored.
  func writePart(_ member: any GroupMember) {
    switch commitPart(member) {
    case .nothing: break
    case .part(let next):
      writing?.isAnnounced = true
      if let next { writing?.written = next } else { continueDrain() }
    case .drain: finishDrain(member)
    }
  }

  /// What was committed.
  private enum Committed {
    case nothing
    /// Where the next part starts among the outputs that were taken out of the tasks; nil if that was the last of them.
    case part(next: Int?)
    case drain
  }

  private func commitPart(_ member: any GroupMember) -> Committed {
    guard let writing else { return .nothing }
    let (drain, written) = (writing.drain, writing.written)
    // A loss of outputs is committed before anything is written again, which would hide it.
    let part =
      writing.isAnnounced
      ? drain.outputs.part(from: written, room)
      : OutputBatch.Part(outputs: OutputBatch(), next: written)
    let isLast = part.next == nil && drain.isLastPart
    let grown = extents.adding(part.outputs)
    let notes = notes(of: drain, isLast: isLast, grown.noted)
    let start = now()
    switch member.commit(part.outputs, positions: isLast ? drain.positions : drain.before, notes: notes) {
    case .committed:
      extents = grown
      budget.succeeded(part.outputs.byteCount, milliseconds: now() - start)
      backoff.succeeded()
      trouble = nil
      return isLast ? .drain : .part(next: part.next)
    case .aborted(let error) where error.kind == .unusable:
      failure = error
    case .aborted(let error):
      budget.failed(part.outputs.byteCount)
      commitRetryAt = backoff.failed(now: now())
      trouble = "\(error)"
      report(
        .warning,
        LogMessage(
          "\(group.name): commit failed, retrying in \(Self.seconds(commitRetryAt - now())) s: \(error)",
          LogFields(group: group.name, error: error.code)))
    case .unknown(let error):
      report(
        .warning,
        LogMessage(
          "\(group.name): commit failed, restoring from the last committed state: \(error)",
          LogFields(group: group.name, error: error.code)))
      mustRebuild = true
    case .fatal(let error):
      failure = error
    }
    return .nothing
  }

  private func finishDrain(_ member: any GroupMember) {
    guard let drain = writing.take()?.drain else { return }
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

  /// The notes of the drain's tasks, each by the task's partition of the lead topic.
  func notes(
    of whole: StageMachine<Task>.Drain, isLast: Bool, _ outputs: [CommitNote.Extent]
  ) -> [TopicPartition: String] {
    var notes: [TopicPartition: String] = [:]
    for task in whole.tasks {
      let partitions = StageMachine<Task>.partitions(of: task)
      let positions =
        isLast
        ? nil : Positions(uniqueKeysWithValues: partitions.map { ($0, whole.positions[$0] ?? 0) })
      var note = note(
        of: task, outputs, spoken: positions,
        turningFrom: machine.turningFrom(task, afterDrain: isLast))
      // A loss counts as repaired only once the whole result is written again.
      if isLast, whole.publishingAgain.contains(task) { note.repaired = losses }
      notes[partitions[0]] = note.text
    }
    return notes
  }

  /// The commit note of a task in its current state.
  func note(
    of task: Int32, _ outputs: [CommitNote.Extent], spoken: Positions? = nil, turningFrom: Month?
  ) -> CommitNote {
    var note = CommitNote(spoken: spoken, outputs: outputs)
    note.turningFrom = turningFrom.map { Int64($0.index) }
    note.losses = losses
    note.repaired = repaired[task] ?? 0
    note.checkpoint = checkpointReferences[task]
    note.author = member?.author.map {
      var author = CommitNote.Author()
      (author.transactionalID, author.memberID) = ($0.transactionalID, $0.memberID)
      return author
    }
    return note
  }
}
