import Contract
import EventLog
import Indicators

/// A checkpoint is taken and written in chunks, between commits, while the task goes on; its manifest follows when all that the
/// chunks speak of is committed. In the log each chunk is a transaction of its own, in which the task's committed position is
/// committed again: so whoever has lost the task cannot write one. With the manifest, the position's note says where it is.
extension StageDriver {
  /// A checkpoint that is being written.
  struct TakenCheckpoint {
    let task: Int32
    let chunks: any StateChunks
    var manifest: CheckpointManifest
    /// The chunk that is to be written next, if it could not be written yet.
    var pending: [UInt8]?
    /// How far the task had read when the last chunk was taken; nil before that.
    var end: Positions?
    /// Where it goes: into the log, or else to a file.
    var reference = CommitNote.CheckpointReference()
    var output: (any CheckpointOutput)?
  }

  /// Writes the next chunk, if one is due.
  func writeCheckpoint(_ member: any GroupMember) {
    guard now() >= nextChunkAt else { return }
    if taking == nil { beginCheckpoint(interval: checkpoints.interval) }
    guard let size = taking?.manifest.chunks.count, writeNextChunk(member), let taking else { return }
    let written = taking.manifest.chunks.count > size ? taking.manifest.chunks.last?.size ?? 0 : 0
    nextChunkAt = now() + Int64(written) * 1000 / Int64(max(1, checkpoints.bytesPerSecond))
  }

  /// Brings the checkpoints of all tasks up to date, as far as that succeeds.
  func finishCheckpoints(_ member: any GroupMember) {
    while failure == nil, !mustRebuild {
      if taking == nil { beginCheckpoint(interval: 0) }
      guard taking != nil, writeNextChunk(member) else { return }
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

  /// Writes a chunk, or the manifest. Returns whether it is a step further.
  private func writeNextChunk(_ member: any GroupMember) -> Bool {
    guard var taken = taking else { return true }
    if let end = taken.end { return writeManifest(of: taken, end, member) }
    guard let chunk = taken.pending ?? takeChunk(&taken) else { return true }
    taken.pending = chunk
    taking = taken
    let slot = checkpoints.slot(of: taken.task, taken.reference.slot)
    guard write(chunk, under: slot.chunkKey(taken.manifest.chunks.count), taken, member) else { return false }
    taking?.manifest.chunks.append(CheckpointManifest.Chunk(chunk))
    taking?.pending = nil
    return true
  }

  /// The next chunk; nil if there is none, which is noted.
  private func takeChunk(_ taken: inout TakenCheckpoint) -> [UInt8]? {
    switch taken.chunks.next(bytes: min(checkpoints.chunkBytes, budget.bytes)) {
    case .chunk(let bytes): return bytes
    case .end:
      taken.end = machine.positions(of: taken.task)?.read
      taking = taken
      return nil
    case .stale:
      taking = nil
      machine.giveUpCheckpoint(of: taken.task)
      return nil
    }
  }

  private func writeManifest(
    of taken: TakenCheckpoint, _ end: Positions, _ member: any GroupMember
  ) -> Bool {
    let committed = machine.positions(of: taken.task)?.committed ?? [:]
    guard
      end.allSatisfy({ $0.value <= committed[$0.key] ?? 0 }) || misbehavior.contains(.checkpointsUncommitted)
    else { return false }
    let manifest = taken.manifest.encode(checkpoints.origin(taken.task))
    if let output = taken.output {
      do {
        try output.append(CheckpointFile.end(manifest))
        try output.finish()
        finish(taken)
        return true
      } catch {
        giveUpCheckpoint(of: taken.task, "\(error)")
        return false
      }
    }
    let former = checkpointed[taken.task]
    checkpointed[taken.task] = taken.reference
    let slot = checkpoints.slot(of: taken.task, taken.reference.slot)
    guard write(manifest, under: slot.manifestKey, taken, member) else {
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
    counts.checkpointBytes = [taken.task: taken.manifest.chunks.reduce(0) { $0 + $1.size }]
    count(counts)
  }

  /// Writes a part of a checkpoint. Returns whether it is there.
  private func write(
    _ value: [UInt8], under key: String, _ taken: TakenCheckpoint, _ member: any GroupMember
  ) -> Bool {
    if let output = taken.output {
      do {
        try output.append(value)
        return true
      } catch {
        giveUpCheckpoint(of: taken.task, "\(error)")
        return false
      }
    }
    guard let place = checkpoints.place(of: taken.task) else { return false }
    let lead = TopicPartition(Task.stage.inputs[0], taken.task)
    var outputs = OutputBatch()
    outputs.append(place.topic, partition: place.partition, key: key.utf8, value: value)
    let committed = machine.positions(of: taken.task)?.committed[lead] ?? 0
    switch member.commit(
      outputs, positions: [lead: committed], notes: [lead: note(of: taken.task, extents.noted).text])
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

  private func giveUpCheckpoint(of number: Int32, _ reason: String) {
    taking = nil
    machine.giveUpCheckpoint(of: number)
    nextChunkAt = chunkBackoff.failed(now: now())
    report(.warning, "checkpoint \(checkpoints.name(of: number)) could not be written: \(reason)")
  }
}
