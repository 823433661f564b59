import Contract
import EventLog
import Indicators

/// A checkpoint is taken and written in chunks, a few at a time between commits, while the task goes on; its manifest follows when
/// all that the chunks speak of is committed. In the log they go in transactions of their own, in which the task's committed
/// position is committed again: so whoever has lost the task cannot write one. With the manifest, the position's note says where
/// it is.
extension StageDriver {
  /// A checkpoint that is being written.
  package struct TakenCheckpoint {
    let task: Int32
    let chunks: any StateChunks
    var manifest: CheckpointManifest
    /// Chunks that are to be written next.
    package fileprivate(set) var pending: [[UInt8]] = []
    /// How far the task had read when the last chunk was taken; nil before that.
    package fileprivate(set) var end: Positions?
    /// Where it goes: into the log, or else to a file.
    var reference = CommitNote.CheckpointReference()
    var output: (any CheckpointOutput)?

    /// Of the chunks that are written.
    var bytes: Int { manifest.chunks.reduce(0) { $0 + $1.size } }
  }

  /// Writes the next chunks, if that is due.
  func writeCheckpoint(_ member: any GroupMember) {
    guard now() >= nextChunkAt else { return }
    if taking == nil { beginCheckpoint(interval: checkpoints.interval) }
    guard let before = taking?.bytes, writeNext(member, bytes: 2 * checkpoints.chunkBytes), let taking else {
      return
    }
    let written = Int64(taking.bytes - before)
    nextChunkAt = now() + written * 1000 / Int64(max(1, checkpoints.bytesPerSecond))
  }

  /// Brings the checkpoints of all tasks up to date, as far as that succeeds, and for some seconds at the most.
  func finishCheckpoints(_ member: any GroupMember) {
    let end = now() + 10_000
    while failure == nil, !mustRebuild, now() < end {
      if taking == nil { beginCheckpoint(interval: 0) }
      guard taking != nil, writeNext(member, bytes: 64 * checkpoints.chunkBytes) else { return }
    }
  }

  private func beginCheckpoint(interval: Int64) {
    if case .nowhere = checkpoints.source { return }
    guard let (number, task, positions) = machine.beginCheckpoint(now: now(), interval: interval) else {
      return
    }
    var taken = TakenCheckpoint(
      task: number, chunks: task.chunks(), manifest: CheckpointManifest(positions: positions, chunks: []))
    do {
      if case .disk(let store) = checkpoints.source {
        taken.output = try store.begin(checkpoints.name(of: number))
      } else if let place = checkpoints.place(of: number) {
        taken.reference.slot = 1 - (checkpointed[number]?.slot ?? 1)
        taken.reference.start = try log.ends([place])[place] ?? 0
      }
      taking = taken
    } catch {
      giveUpCheckpoint(of: number, "\(error)")
    }
  }

  /// Writes chunks of about so many bytes, or the manifest. Returns whether it is a step further.
  private func writeNext(_ member: any GroupMember, bytes: Int) -> Bool {
    takeChunks(bytes: min(bytes, budget.bytes))
    guard let taken = taking else { return true }
    if let end = taken.end, taken.pending.isEmpty {
      let committed = machine.positions(of: taken.task)?.committed ?? [:]
      return end.allSatisfy({ $0.value <= committed[$0.key] ?? 0 }) && writeManifest(member)
    }
    let slot = checkpoints.slot(of: taken.task, taken.reference.slot)
    let first = taken.manifest.chunks.count
    let parts = taken.pending.enumerated().map { (slot.chunkKey(first + $0), $1) }
    guard write(parts, taken, member) else { return false }
    taking?.manifest.chunks += taken.pending.map(CheckpointManifest.Chunk.init)
    taking?.pending = []
    return true
  }

  /// Takes the next ones, unless there are some that could not be written yet.
  private func takeChunks(bytes: Int) {
    guard var taken = taking, taken.pending.isEmpty, taken.end == nil else { return }
    var left = bytes
    while left > 0 {
      switch taken.chunks.next(bytes: min(left, checkpoints.chunkBytes)) {
      case .chunk(let chunk):
        taken.pending.append(chunk)
        left -= chunk.count
        continue
      case .end:
        taken.end = machine.positions(of: taken.task)?.read
      case .stale:
        taking = nil
        return machine.giveUpCheckpoint(of: taken.task)
      }
      break
    }
    taking = taken
  }

  /// Completes the checkpoint that is being written; all that its chunks reflect must be committed.
  package func writeManifest(_ member: any GroupMember) -> Bool {
    guard let taken = taking else { return false }
    let manifest = taken.manifest.encode(checkpoints.origin(taken.task))
    if let output = taken.output {
      let isWritten = write(to: output, taken) {
        try $0.append(CheckpointFile.end(manifest))
        try $0.finish()
      }
      if isWritten { finish(taken) }
      return isWritten
    }
    let former = checkpointed[taken.task]
    checkpointed[taken.task] = taken.reference
    let slot = checkpoints.slot(of: taken.task, taken.reference.slot)
    guard write([(slot.manifestKey, manifest)], taken, member) else {
      checkpointed[taken.task] = former
      return false
    }
    finish(taken)
    return true
  }

  private func finish(_ taken: TakenCheckpoint) {
    taking = nil
    chunkBackoff.succeeded()
    var counts = StageCounts()
    counts.checkpointBytes = [taken.task: taken.bytes]
    count(counts)
  }

  /// Writes parts of a checkpoint, all or none. Returns whether they are there.
  private func write(
    _ parts: [(key: String, value: [UInt8])], _ taken: TakenCheckpoint, _ member: any GroupMember
  ) -> Bool {
    if let output = taken.output {
      return write(to: output, taken) { for part in parts { try $0.append(part.value) } }
    }
    guard let place = checkpoints.place(of: taken.task) else { return false }
    let lead = TopicPartition(Task.stage.inputs[0], taken.task)
    var outputs = OutputBatch()
    for (key, value) in parts {
      outputs.append(place.topic, partition: place.partition, key: key.utf8, value: value)
    }
    let committed = machine.positions(of: taken.task)?.committed[lead] ?? 0
    let note = self.note(
      of: taken.task, extents.noted, turningFrom: machine.turningFrom(taken.task, afterDrain: false))
    switch member.commit(
      outputs, positions: [lead: committed], notes: [lead: note.text])
    {
    case .committed: return true
    case .aborted(let error) where error.kind == .unusable: giveUpCheckpoint(of: taken.task, "\(error)")
    case .aborted: nextChunkAt = chunkBackoff.failed(now: now())
    // Nothing but where the checkpoint is may have changed, and the next commit says that anew.
    case .unknown(let error): giveUpCheckpoint(of: taken.task, "\(error)")
    case .fatal(let error): failure = error
    }
    return false
  }

  /// Returns whether `body` could write.
  private func write(
    to output: any CheckpointOutput, _ taken: TakenCheckpoint, _ body: (any CheckpointOutput) throws -> Void
  ) -> Bool {
    do {
      try body(output)
      return true
    } catch {
      giveUpCheckpoint(of: taken.task, "\(error)")
      return false
    }
  }

  private func giveUpCheckpoint(of number: Int32, _ reason: String) {
    taking = nil
    machine.giveUpCheckpoint(of: number)
    nextChunkAt = chunkBackoff.failed(now: now())
    report(
      .warning,
      LogMessage(
        "checkpoint \(checkpoints.name(of: number)) could not be written: \(reason)",
        LogFields(group: group.name, task: number)))
  }
}
