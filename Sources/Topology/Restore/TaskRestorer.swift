import Contract
import EventLog
import Indicators

/// A request to restore a task to the committed positions of its group.
package struct RestoreRequest: Sendable {
  package var task: Int32
  package var committed: Positions
  /// The location of its checkpoint in the log; nil if there is none.
  package var checkpoint: CommitNote.CheckpointReference?
  /// The month from which on a month change is not completely published yet; nil if it is.
  package var turningFrom: Month?
  /// Distinguishes requests for the same task.
  package var number = 0
}

/// The progress of restoring a task.
package struct RestoreProgress: Sendable, Equatable, CustomStringConvertible {
  package var task: Int32
  /// Whether a checkpoint was found.
  package var hasCheckpoint = false
  /// Bytes of the checkpoint that have been read.
  package var checkpointBytes = 0
  /// Input offsets replayed after the checkpoint, of `total`; 0 while the checkpoint is being read.
  package var done: Int64 = 0
  package var total: Int64 = 0
  /// Duration of the replay so far, in milliseconds.
  package var replayed: Int64 = 0
  /// Whether it was restored before its owner joined the group.
  package var isWarmedUp = false

  init(task: Int32) { self.task = task }

  /// What the task is restored from, as text for operators.
  var origin: String {
    if isWarmedUp { return "what was restored before joining" }
    return hasCheckpoint ? "its checkpoint of \(checkpointBytes >> 10) KiB" : "the beginning of its input"
  }

  /// Whether the task's state is exactly that of its last checkpoint.
  var isAsCheckpointed: Bool { hasCheckpoint && !isWarmedUp && total == 0 }

  package var description: String {
    total == 0
      ? "reading its checkpoint (\(checkpointBytes >> 10) KiB so far)"
      : "from \(origin), replayed \(done) of \(total) offsets"
  }
}

/// Restores one task to the committed positions of its group, with a reader of its own: loads the task's checkpoint and replays
/// the inputs from there. The outputs of the replay were published before, so they are discarded.
package final class TaskRestorer<Task: StageTask> {
  private enum Phase {
    case begun
    case loading(any PartitionReader, end: Int64)
    case replaying(any PartitionReader, Checkpoint<Task>)
  }

  private let request: RestoreRequest
  /// The task as restored before its owner joined the group; nil if it was not.
  private let earlier: Checkpoint<Task>?
  private let log: any EventLog
  private let checkpoints: CheckpointSettings<Task>
  private let maxHeldBytes: Int
  private let now: @Sendable () -> Int64
  private var replaySince: Int64 = 0
  private var phase = Phase.begun
  private var chunks: [Int: [UInt8]] = [:]
  package private(set) var progress: RestoreProgress

  init(
    _ request: RestoreRequest, from earlier: RestoreQueue<Task>.Outcome? = nil, log: any EventLog,
    checkpoints: CheckpointSettings<Task>, maxHeldBytes: Int, now: @escaping @Sendable () -> Int64
  ) {
    self.request = request
    self.earlier = try? earlier?.result.get()
    progress = RestoreProgress(task: request.task)
    if let earlier {
      progress.isWarmedUp = true
      progress.hasCheckpoint = earlier.progress.hasCheckpoint
      progress.checkpointBytes = earlier.progress.checkpointBytes
    }
    self.log = log
    self.checkpoints = checkpoints
    self.maxHeldBytes = maxHeldBytes
    self.now = now
  }

  /// Continues with one read of the log. Returns the task once it is restored to the committed positions.
  /// Throws an `unusable` error if the log no longer has the records that the task must read.
  package func step() throws(LogError) -> Checkpoint<Task>? {
    switch phase {
    case .begun: return try begin()
    case .loading(let reader, let end): return try load(reader, end)
    case .replaying(let reader, let checkpoint): return try replay(reader, checkpoint)
    }
  }

  private func begin() throws(LogError) -> Checkpoint<Task>? {
    guard Task.needsHistory, earlier == nil else { return try startReplay(of: earlier) }
    switch checkpoints.source {
    case .nowhere: return try startReplay(of: nil)
    case .disk(let store): return try startReplay(of: checkpoint(on: store))
    case .log:
      guard let reference = request.checkpoint, let place = checkpoints.place(of: request.task) else {
        return try startReplay(of: nil)
      }
      do throws(LogError) {
        let end = try log.ends([place])[place] ?? 0
        phase = .loading(try log.reader(from: [place: reference.start]), end: end)
      } catch {
        return try giveUpLoading(error)
      }
      return nil
    }
  }

  // MARK: The checkpoint

  private func checkpoint(on store: any CheckpointStore) -> Checkpoint<Task>? {
    do {
      guard let bytes = try store.read(checkpoints.name(of: request.task)) else { return nil }
      let (manifest, chunks) = try bytes.withUnsafeBytes {
        try CheckpointFile.split($0, for: checkpoints.origin(request.task))
      }
      return try decode(manifest, chunks)
    } catch {
      reportUnusable("\(error)")
      return nil
    }
  }

  private func load(_ reader: any PartitionReader, _ end: Int64) throws(LogError) -> Checkpoint<Task>? {
    guard let place = checkpoints.place(of: request.task), let reference = request.checkpoint else {
      return try startReplay(of: nil)
    }
    let slot = checkpoints.slot(of: request.task, reference.slot)
    var manifest: [UInt8]?
    do throws(LogError) {
      try reader.poll(timeout: 100) { records in
        for record in records {
          let key = String(decoding: record.key.map(Array.init) ?? [], as: UTF8.self)
          if key == slot.manifestKey {
            manifest = record.value.map(Array.init)
          } else if let index = slot.chunk(of: key), let value = record.value {
            progress.checkpointBytes += value.count - (chunks[index]?.count ?? 0)
            chunks[index] = Array(value)
          }
        }
      }
    } catch {
      return try giveUpLoading(error)
    }
    if let manifest { return try startReplay(of: decode(manifest)) }
    guard (reader.positions[place] ?? 0) >= end else { return nil }
    reportUnusable("task-checkpoints no longer has all of its records")
    return try startReplay(of: nil)
  }

  /// Continues without the checkpoint if it cannot be read any more; rethrows other errors, which may be transient.
  private func giveUpLoading(_ error: LogError) throws(LogError) -> Checkpoint<Task>? {
    guard error.kind == .unusable else { throw error }
    reportUnusable("\(error)")
    return try startReplay(of: nil)
  }

  private func decode(_ bytes: [UInt8]) -> Checkpoint<Task>? {
    do {
      let manifest = try bytes.withUnsafeBytes {
        try CheckpointManifest($0, for: checkpoints.origin(request.task))
      }
      let found = manifest.chunks.indices.compactMap { chunks[$0] }
      chunks = [:]
      return try decode(manifest, found)
    } catch {
      reportUnusable("\(error)")
      return nil
    }
  }

  /// The checkpoint's task. Throws if the checkpoint is damaged, or ahead of the group's committed positions.
  private func decode(_ manifest: CheckpointManifest, _ chunks: [[UInt8]]) throws -> Checkpoint<Task> {
    try manifest.check(chunks)
    for (partition, position) in manifest.positions
    where position > request.committed[partition] ?? 0 {
      throw UnusableCheckpoint(
        description:
          "it includes \(partition) up to offset \(position), but the group has committed only \(request.committed[partition] ?? 0)"
      )
    }
    let task = try Task(partition: request.task, checkpoints.context, chunks: chunks)
    progress.hasCheckpoint = true
    progress.checkpointBytes = chunks.reduce(0) { $0 + $1.count }
    return Checkpoint(task: task, positions: manifest.positions)
  }

  private func reportUnusable(_ reason: String) {
    checkpoints.report(
      .warning,
      LogMessage(
        "checkpoint \(checkpoints.name(of: request.task)) is not used: \(reason); reading the input from the beginning",
        LogFields(task: request.task)))
  }

  // MARK: The replay

  private func startReplay(of checkpoint: Checkpoint<Task>?) throws(LogError) -> Checkpoint<Task>? {
    let partitions = StageMachine<Task>.partitions(of: request.task)
    let beginnings = try log.beginnings(partitions)
    let ends = try log.ends(partitions)
    var restored =
      checkpoint ?? Checkpoint(task: Task(partition: request.task, checkpoints.context), positions: [:])
    var missing: Positions = [:]
    for partition in partitions {
      let goal = request.committed[partition] ?? 0
      let position = restored.positions[partition] ?? (Task.needsHistory ? 0 : goal)
      try partition.requireRecords(from: position, beginnings: beginnings)
      guard ends[partition] ?? 0 >= goal else {
        throw LogError(
          .unusable, code: "HISTORY_MISSING",
          "\(partition) ends at offset \(ends[partition] ?? 0), but its group has committed \(goal): the topic was truncated or recreated"
        )
      }
      restored.positions[partition] = position
      if position < goal { missing[partition] = position }
      progress.total += max(0, goal - position)
    }
    if missing.isEmpty { return finish(restored) }
    replaySince = now()
    phase = .replaying(try log.reader(from: missing), restored)
    return nil
  }

  private func replay(
    _ reader: any PartitionReader, _ checkpoint: Checkpoint<Task>
  ) throws(LogError) -> Checkpoint<Task>? {
    var restored = checkpoint
    var failure: LogError?
    try reader.poll(timeout: 100) { records in
      do throws(LogError) {
        try apply(records, &restored)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    var isWhole = true
    for (partition, position) in reader.positions {
      let (before, goal) = (restored.positions[partition] ?? 0, request.committed[partition] ?? 0)
      restored.positions[partition] = max(before, min(position, goal))
      progress.done += max(0, min(position, goal) - before)
      if position < goal { isWhole = false }
    }
    progress.replayed = now() - replaySince
    if isWhole { return finish(restored) }
    phase = .replaying(reader, restored)
    return nil
  }

  /// Applies the records before the committed positions that the task has not applied yet.
  private func apply(
    _ records: UnsafeBufferPointer<Record>, _ restored: inout Checkpoint<Task>
  ) throws(LogError) {
    var index = records.startIndex
    while index < records.endIndex {
      let partition = records[index].topicPartition
      let (from, goal) = (restored.positions[partition] ?? 0, request.committed[partition] ?? 0)
      var end = index
      while end < records.endIndex, records[end].topicPartition == partition { end += 1 }
      let run = records[index..<end]
      index = end
      guard let first = run.firstIndex(where: { $0.offset >= from }),
        let last = run.lastIndex(where: { $0.offset < goal }), first <= last
      else { continue }
      let taken = UnsafeBufferPointer(rebasing: records[first...last])
      try restored.task.apply(taken)
      restored.positions[partition] = records[last].offset + 1
      progress.done += records[last].offset + 1 - from
      // The outputs were published before.
      if restored.task.heldBytes >= maxHeldBytes { restored.task.discardChanges() }
    }
  }

  private func finish(_ restored: Checkpoint<Task>) -> Checkpoint<Task> {
    restored.task.discardChanges()
    if let month = request.turningFrom { restored.task.resumeTurn(from: month) }
    return restored
  }
}
