import Contract
import EventLog
import Indicators

/// A checkpoint is taken and written in chunks, a few at a time between commits, while the task continues. Its manifest follows
/// once everything that the chunks reflect is committed. In the log, chunks have transactions of their own, which commit the
/// task's committed position again, so that a member that has lost the task cannot write one. From the manifest on, the commit
/// note of that position refers to the checkpoint.
extension StageDriver {
  /// A checkpoint that is being written.
  package struct CheckpointInProgress {
    let task: Int32
    let chunks: any StateChunks
    var manifest: CheckpointManifest
    /// Chunks that were taken and are not written yet.
    package fileprivate(set) var pending: [[UInt8]] = []
    /// The task's read positions when the last chunk was taken; nil before that.
    package fileprivate(set) var end: Positions?
    /// Its location in the log, or the file that it is written to.
    var reference = CommitNote.CheckpointReference()
    var output: (any CheckpointOutput)?

    /// The size of the written chunks.
    var bytes: Int { manifest.chunks.reduce(0) { $0 + $1.size } }
  }

  /// Writes the next chunks, if that is due by the checkpoint interval and the rate limit.
  func writeCheckpoint(_ member: any GroupMember) {
    guard now() >= nextChunkAt else { return }
    if checkpointInProgress == nil { beginCheckpoint(interval: checkpoints.interval) }
    guard let before = checkpointInProgress?.bytes, writeNext(member, bytes: 2 * checkpoints.chunkBytes),
      let after = checkpointInProgress?.bytes
    else { return }
    let written = Int64(after - before)
    nextChunkAt = now() + written * 1000 / Int64(max(1, checkpoints.bytesPerSecond))
  }

  /// Writes checkpoints of all tasks that have committed since their last one, within ten seconds at most; gives up at the
  /// first failure.
  func finishCheckpoints(_ member: any GroupMember) {
    let end = now() + 10_000
    while failure == nil, !mustRebuild, now() < end {
      if checkpointInProgress == nil { beginCheckpoint(interval: 0) }
      guard checkpointInProgress != nil, writeNext(member, bytes: 64 * checkpoints.chunkBytes) else { return }
    }
  }

  private func beginCheckpoint(interval: Int64) {
    if case .nowhere = checkpoints.source { return }
    guard let (number, task, positions) = machine.beginCheckpoint(now: now(), interval: interval) else {
      return
    }
    var taken = CheckpointInProgress(
      task: number, chunks: task.chunks(), manifest: CheckpointManifest(positions: positions, chunks: []))
    do {
      if case .disk(let store) = checkpoints.source {
        taken.output = try store.begin(checkpoints.name(of: number))
      } else if let place = checkpoints.place(of: number) {
        taken.reference.slot = 1 - (checkpointReferences[number]?.slot ?? 1)
        taken.reference.start = try log.ends([place])[place] ?? 0
      }
      checkpointInProgress = taken
    } catch {
      giveUpCheckpoint(of: number, "\(error)")
    }
  }

  /// Writes chunks of about `bytes`, or the manifest. Returns whether there was any progress.
  private func writeNext(_ member: any GroupMember, bytes: Int) -> Bool {
    takeChunks(bytes: min(bytes, budget.bytes))
    guard let taken = checkpointInProgress else { return true }
    if let end = taken.end, taken.pending.isEmpty {
      let committed = machine.positions(of: taken.task)?.committed ?? [:]
      return end.allSatisfy({ $0.value <= committed[$0.key] ?? 0 }) && writeManifest(member)
    }
    let slot = checkpoints.slot(of: taken.task, taken.reference.slot)
    let first = taken.manifest.chunks.count
    let parts = taken.pending.enumerated().map { (slot.chunkKey(first + $0), $1) }
    guard write(parts, taken, member) else { return false }
    checkpointInProgress?.manifest.chunks += taken.pending.map(CheckpointManifest.Chunk.init)
    checkpointInProgress?.pending = []
    return true
  }

  /// Takes the next chunks from the task, unless earlier ones are still to be written.
  private func takeChunks(bytes: Int) {
    guard var taken = checkpointInProgress, taken.pending.isEmpty, taken.end == nil else { return }
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
        checkpointInProgress = nil
        return machine.giveUpCheckpoint(of: taken.task)
      }
      break
    }
    checkpointInProgress = taken
  }

  /// Completes the checkpoint that is being written; all that its chunks reflect must be committed.
  package func writeManifest(_ member: any GroupMember) -> Bool {
    guard let taken = checkpointInProgress else { return false }
    let manifest = taken.manifest.encode(checkpoints.origin(taken.task))
    if let output = taken.output {
      let isWritten = write(to: output, taken) {
        try $0.append(CheckpointFile.end(manifest))
        try $0.finish()
      }
      if isWritten { finish(taken) }
      return isWritten
    }
    let previous = checkpointReferences[taken.task]
    checkpointReferences[taken.task] = taken.reference
    let slot = checkpoints.slot(of: taken.task, taken.reference.slot)
    guard write([(slot.manifestKey, manifest)], taken, member) else {
      checkpointReferences[taken.task] = previous
      return false
    }
    finish(taken)
    return true
  }

  private func finish(_ taken: CheckpointInProgress) {
    checkpointInProgress = nil
    chunkBackoff.succeeded()
    var counts = StageCounts()
    counts.checkpointBytes = [taken.task: taken.bytes]
    count(counts)
  }

  /// Writes chunks or the manifest in one transaction, or to the file. Returns whether that succeeded.
  private func write(
    _ parts: [(key: String, value: [UInt8])], _ taken: CheckpointInProgress, _ member: any GroupMember
  ) -> Bool {
    if let output = taken.output {
      return write(to: output, taken) { for part in parts { try $0.append(part.value) } }
    }
    guard let place = checkpoints.place(of: taken.task) else { return false }
    let lead = TopicPartition(Task.stage.inputs[0], taken.task)
    var outputs = OutputBatch()
    for (key, value) in parts {
      outputs.append(place.topic, partition: place.partition, key: Array(key.utf8), value: value)
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
    // At most the checkpoint's reference in the note has changed, and the next commit overwrites that.
    case .unknown(let error): giveUpCheckpoint(of: taken.task, "\(error)")
    case .fatal(let error): failure = error
    }
    return false
  }

  /// Returns whether `body` succeeded.
  private func write(
    to output: any CheckpointOutput, _ taken: CheckpointInProgress,
    _ body: (any CheckpointOutput) throws -> Void
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
    checkpointInProgress = nil
    machine.giveUpCheckpoint(of: number)
    nextChunkAt = chunkBackoff.failed(now: now())
    report(
      .warning,
      LogMessage(
        "checkpoint \(checkpoints.name(of: number)) could not be written: \(reason)",
        LogFields(group: group.name, task: number)))
  }
}
