import Contract
import EventLog
import Indicators

extension StageDriver {
  /// `turnRoom` is for what is left of a month's turn; nil for all of it.
  func prepareDrain(turnRoom: OutputRoom?) {
    var memory = OutputBatch()
    swap(&memory, &spareOutputs)
    do throws(LogError) {
      let drain = try machine.prepareCommit(
        reusing: memory, room: room, turnRoom: turnRoom)
      guard !drain.positions.isEmpty else { return }
      writing = Writing(drain: drain, isAnnounced: drain.publishingAgain.isEmpty)
      if !drain.isRest { passesOver = true }
    } catch {
      failure = error
    }
  }

  /// Takes out what is to be written next, once all that was taken out is.
  func goOn(with drain: consuming StageMachine<Task>.Drain) {
    do throws(LogError) {
      try machine.takeOut(&drain, room: room)
      writing = Writing(drain: drain, isAnnounced: true)
    } catch {
      failure = error
    }
  }

  /// Of one transaction.
  private var room: OutputRoom { OutputRoom(bytes: budget.bytes, records: policy.transactionRecords) }

  /// Writes all that live tasks have to write, if it can be written now; of a month's turn all, or nothing more.
  package func writeAll(_ member: any GroupMember, turns: Bool) {
    while failure == nil, !mustRebuild {
      if writing == nil { prepareDrain(turnRoom: turns ? nil : OutputRoom(bytes: 0, records: 0)) }
      guard writing != nil else { return }
      retryingAt = .min
      writePart(member)
      guard retryingAt == .min else { return }
    }
  }

  /// One transaction with as much of the drain as the budget allows. The last one commits the positions; those before it
  /// commit the old ones again, and note how far their outputs speak. A transaction that was aborted is tried again, in
  /// smaller parts: the state in memory is still what it is drained to. If that is not certain, the state is rebuilt.
  func writePart(_ member: any GroupMember) {
    guard let writing else { return }
    let (drain, written) = (writing.drain, writing.written)
    // That outputs were lost is noted before anything is written again, which would hide it.
    let part =
      writing.isAnnounced
      ? drain.outputs.part(from: written, room)
      : OutputBatch.Part(outputs: OutputBatch(), next: written)
    let isLast = part.next == nil && drain.isRest
    let grown = extents.adding(part.outputs)
    let notes = notes(of: drain, isLast: isLast, grown.noted)
    let start = now()
    switch member.commit(part.outputs, positions: isLast ? drain.positions : drain.before, notes: notes) {
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
        LogMessage(
          "\(group.name): commit failed, retrying in \(Self.seconds(retryingAt - now())) s: \(error)",
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
  }

  func finishDrain(_ member: any GroupMember) {
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
      // What was lost is not made up for before all of it is written again.
      if isLast, whole.publishingAgain.contains(task) { note.repaired = losses }
      notes[partitions[0]] = note.text
    }
    return notes
  }

  /// What is noted of a task, as it stands.
  func note(
    of task: Int32, _ outputs: [CommitNote.Extent], spoken: Positions? = nil, turningFrom: Month?
  ) -> CommitNote {
    var note = CommitNote(spoken: spoken, outputs: outputs)
    note.turningFrom = turningFrom.map { Int64($0.index) }
    note.losses = losses
    note.repaired = repaired[task] ?? 0
    note.checkpoint = checkpointed[task]
    note.author = member?.author.map {
      var author = CommitNote.Author()
      (author.transactionalID, author.memberID) = ($0.transactionalID, $0.memberID)
      return author
    }
    return note
  }
}
