import Contract
import EventLog
import Indicators

/// The state machine of a member of a stage's group, without I/O: the tasks that it owns, their positions, the contents of a
/// commit and what its outcome does to the tasks.
///
/// A task arrives *restored* (`TaskRestorer`) to the group's committed positions, and is then *live*. There are two exceptions.
/// If the last drain of an earlier owner was only partly written, the task first *completes* it: it reads exactly up to the
/// drain's positions and writes what changed up to there. Writing before that point would publish older values; writing after
/// it could leave an intermediate value of that drain published forever. And if outputs were lost, the task then *publishes*
/// its whole result *again* before it reads on, since later it could no longer write tombstones for removed results.
package struct StageMachine<Task: StageTask> {
  private let policy: CommitPolicy
  private var schedule: CommitSchedule
  private var tasks: [Int32: RunningTask<Task>] = [:]
  private var atEnd: Set<TopicPartition> = []

  package init(policy: CommitPolicy) {
    self.policy = policy
    schedule = CommitSchedule(policy, followsAnother: Task.stage.followsAnother)
  }

  /// Whether the previous stage has yet to process input that was in the log when this process started. While this stage
  /// catches up from nothing, it then publishes only now and then, since more follows.
  package var isUpstreamBehind: Bool {
    get { schedule.isUpstreamBehind }
    set { schedule.isUpstreamBehind = newValue }
  }

  /// The numbers of the assigned tasks, ascending.
  package var taskNumbers: [Int32] { tasks.keys.sorted() }

  package func task(_ number: Int32) -> Task? { tasks[number]?.task }

  /// The positions up to which a task has read, and up to which it is committed.
  package func positions(of number: Int32) -> (read: Positions, committed: Positions)? {
    tasks[number].map { ($0.positions, $0.committed) }
  }

  /// The month from which on a month change of the task is not completely written: as of the last commit, or with `afterDrain`,
  /// once the current drain is committed. Nil if there is none.
  package func turningFrom(_ number: Int32, afterDrain: Bool) -> Month? {
    afterDrain ? tasks[number]?.task.turningFrom : tasks[number]?.turningFrom
  }

  package static func partitions(of task: Int32) -> [TopicPartition] {
    Task.stage.inputs.map { TopicPartition($0, task) }
  }

  // MARK: Assignment

  /// Adds a task that is at the `committed` positions. `spoken` are the positions of a drain that an earlier owner wrote only
  /// partly, nil if there is none; `publishingAgain` makes the task republish its whole result; `turningFrom` is the month of
  /// the month change that it has resumed. Returns the positions to read from.
  package mutating func assign(
    _ number: Int32, _ restored: Checkpoint<Task>, committed: Positions, spoken: Positions? = nil,
    publishingAgain: Bool = false, turningFrom: Month? = nil, isCheckpointed: Bool = true, now: Int64
  ) -> Positions {
    var before: Positions = [:]
    for partition in Self.partitions(of: number) {
      before[partition] = committed[partition] ?? 0
      atEnd.remove(partition)
    }
    if before.values.allSatisfy({ $0 == 0 }) { schedule.noteNewTask() }
    tasks[number] = RunningTask(
      task: restored.task, positions: before.merging(restored.positions) { $1 }, committed: before,
      completingTo: spoken, mustPublishAgain: publishingAgain, turningFrom: turningFrom, checkpointedAt: now,
      isCheckpointed: isCheckpointed)
    if tasks[number]?.completingTo == nil { publishAgainIfNeeded(number, now: now) }
    return tasks[number]?.positions ?? [:]
  }

  private mutating func publishAgainIfNeeded(_ number: Int32, now: Int64) {
    guard let running = tasks[number], running.mustPublishAgain else { return }
    running.task.publishAgain()
    tasks[number]?.mustPublishAgain = false
    tasks[number]?.isPublishingAgain = true
    tasks[number]?.completingTo = running.positions
    tasks[number]?.isAhead = true
    schedule.noteChange(now: now)
  }

  /// Removes tasks, and returns them with their current state.
  @discardableResult
  package mutating func remove(_ numbers: [Int32]) -> [Task] {
    let removed = numbers.compactMap { tasks.removeValue(forKey: $0)?.task }
    for number in numbers { atEnd.subtract(Self.partitions(of: number)) }
    noteWhatIsAhead()
    return removed
  }

  // MARK: Reading

  /// Applies records until a commit is due, and returns how many it has handled. Skips records of tasks that it does not own,
  /// and records that a task has already read.
  @discardableResult
  package mutating func receive(
    _ records: UnsafeBufferPointer<Record>, now: Int64
  ) throws(LogError) -> Int {
    var index = records.startIndex
    while index < records.endIndex {
      // Records come in runs of one partition; the task is looked up once for each run.
      let partition = records[index].topicPartition
      var (end, bytes) = (index, 0)
      repeat {
        bytes += (records[end].key?.count ?? 0) + (records[end].value?.count ?? 0)
        end += 1
      } while end < records.endIndex && bytes < policy.maxHeldBytes
        && records[end].topicPartition == partition
      try receive(UnsafeBufferPointer(rebasing: records[index..<end]), of: partition, now: now)
      index = end
      if isFull(partition.partition) { break }
    }
    return index
  }

  /// Whether to commit now, after this task has applied records.
  private func isFull(_ number: Int32) -> Bool {
    guard let running = tasks[number], running.task.heldBytes > 0 else { return false }
    return isFull
  }

  /// Bytes of records that live tasks keep in memory until they are written.
  package var heldBytes: Int {
    tasks.values.reduce(0) { $0 + $1.task.heldBytes }
  }

  /// Whether to commit before the remaining records of a poll are applied. Not while a task completes a drain, since it skips
  /// records that it must read again after that commit.
  package var isFull: Bool {
    heldBytes >= policy.maxHeldBytes && tasks.values.allSatisfy { $0.completingTo == nil }
  }

  private mutating func receive(
    _ run: UnsafeBufferPointer<Record>, of partition: TopicPartition, now: Int64
  ) throws(LogError) {
    guard let running = tasks[partition.partition], let position = running.positions[partition] else {
      return
    }
    let limit = running.completingTo.map { $0[partition] ?? 0 } ?? .max
    guard let first = run.firstIndex(where: { $0.offset >= position }) else { return }
    let end = run.lastIndex { $0.offset < limit }.map { $0 + 1 } ?? first
    if first < end { try running.task.apply(UnsafeBufferPointer(rebasing: run[first..<end])) }
    atEnd.remove(partition)
    move(partition, to: end < run.count ? limit : run[end - 1].offset + 1)
    schedule.noteRecords(max(0, end - first), now: now)
  }

  /// Records that a partition was read to its end, `offset`.
  /// Throws an `unusable` error if the group has already read further than that.
  package mutating func reachEnd(of partition: TopicPartition, at offset: Int64, now: Int64) throws(LogError)
  {
    guard let running = tasks[partition.partition], let position = running.positions[partition] else {
      return
    }
    if let goal = running.completingTo?[partition], offset < goal {
      throw LogError(
        .unusable, code: "HISTORY_MISSING",
        "\(partition) ends at offset \(offset), but the outputs already reflect offset \(goal): the topic was truncated or recreated"
      )
    }
    atEnd.insert(partition)
    let reached = running.completingTo.map { min(offset, $0[partition] ?? 0) } ?? offset
    if reached > position {
      move(partition, to: reached)
      schedule.notePositions(now: now)
    }
    if isAtEnd { schedule.noteEnd(now: now) }
  }

  /// Records that a partition is almost read to its end, which is treated as the end for commits.
  package mutating func nearEnd(of partition: TopicPartition, now: Int64) {
    guard tasks[partition.partition]?.positions[partition] != nil else { return }
    atEnd.insert(partition)
    if isAtEnd { schedule.noteEnd(now: now) }
  }

  /// The positions that the tasks continue to read from.
  package var reads: Positions {
    var reads: Positions = [:]
    for running in tasks.values {
      reads.merge(running.positions.filter { $0.value < running.completingTo?[$0.key] ?? .max }) { $1 }
    }
    return reads
  }

  private mutating func move(_ partition: TopicPartition, to position: Int64) {
    tasks[partition.partition]?.positions[partition] = position
    tasks[partition.partition]?.isAhead = true
  }

  /// Whether every partition of every task is read up to its end.
  package var isAtEnd: Bool {
    tasks.allSatisfy { number, running in
      running.completingTo == nil && Self.partitions(of: number).allSatisfy(atEnd.contains)
    }
  }

  /// The tasks that are completing a drain, ascending.
  package var completingTasks: [Int32] { taskNumbers.filter { tasks[$0]?.completingTo != nil } }

  // MARK: Committing

  package func isCommitDue(now: Int64) -> Bool {
    // A task that completes a drain reads nothing more until it is committed.
    if tasks.values.contains(where: \.isComplete) || isFull { return true }
    if isTurning, schedule.isTurnDue(now: now) { return true }
    return schedule.isDue(now: now, isAtEnd: isAtEnd)
  }

  /// Whether anything that was read is not committed yet.
  package var isAhead: Bool { schedule.isAhead }

  /// Whether a task has more of a month change to write.
  package var isTurning: Bool { tasks.values.contains { $0.mayWrite && $0.task.turningFrom != nil } }

  /// The maximum outputs of a month change in a commit of up to `bytes`; nil for no limit.
  package func turnRoom(now: Int64, bytes: Int) -> OutputRoom? {
    schedule.turnRoom(now: now, bytes: bytes, isAtEnd: isAtEnd)
  }

  /// The pending outputs of the live tasks, or as much of them as there is room for. Includes all positions of a task each
  /// time, since committed offsets expire unless they are renewed. `outputs` is memory to reuse; `turnRoom` limits what all
  /// tasks write of a month change, nil for no limit.
  package mutating func prepareCommit(
    reusing outputs: consuming OutputBatch = OutputBatch(), room: OutputRoom = .unlimited,
    turnRoom: OutputRoom? = nil
  ) throws(LogError) -> Drain {
    var drain = Drain(outputs: outputs)
    for number in taskNumbers {
      guard let running = tasks[number], running.mayWrite else { continue }
      let hasTurn = turnRoom?.records != 0 && running.task.turningFrom != nil
      guard running.isAhead || running.isComplete || hasTurn else { continue }
      drain.counts += running.task.takeCounts()
      drain.positions.merge(running.positions) { $1 }
      drain.before.merge(running.committed) { $1 }
      drain.tasks.append(number)
      if running.isPublishingAgain { drain.publishingAgain.append(number) }
    }
    drain.unfinished = drain.tasks.reversed()
    drain.turnRoom = turnRoom.map { $0.divided(by: max(1, drain.tasks.count)) }
    try takeOut(&drain, room: room)
    return drain
  }

  /// Replaces the written outputs by the next ones, about as many as there is room for.
  package func takeOut(_ drain: inout Drain, room: OutputRoom) throws(LogError) {
    drain.outputs.removeAll()
    while let number = drain.unfinished.last, room.isLeft(in: drain.outputs) {
      if let task = tasks[number]?.task,
        !(try task.drain(into: &drain.outputs, room: room, turnRoom: drain.turnRoom))
      {
        break
      }
      drain.unfinished.removeLast()
    }
    drain.isLastPart = drain.unfinished.isEmpty
    guard drain.isLastPart else { return }
    for number in drain.tasks { tasks[number]?.task.drainOnce(into: &drain.outputs) }
  }

  /// Records that a whole drain is committed. Returns the positions to read from for tasks that were paused until then.
  package mutating func commitSucceeded(_ drain: Drain, now: Int64) -> Positions {
    var reads: Positions = [:]
    for number in drain.tasks {
      guard let running = tasks[number] else { continue }
      // The task may have read on since the drain was prepared.
      tasks[number]?.isAhead = running.positions.contains { drain.positions[$0.key] != $0.value }
      tasks[number]?.isCheckpointed = false
      for partition in running.positions.keys {
        tasks[number]?.committed[partition] = drain.positions[partition]
      }
      tasks[number]?.isPublishingAgain = false
      tasks[number]?.turningFrom = running.task.turningFrom
      if running.completingTo != nil {
        tasks[number]?.completingTo = nil
        publishAgainIfNeeded(number, now: now)
        guard tasks[number]?.completingTo == nil else { continue }
        atEnd.subtract(Self.partitions(of: number))
        reads.merge(running.positions) { $1 }
      }
    }
    schedule.noteCommit(now: now, isAtEnd: isAtEnd)
    noteWhatIsAhead()
    return reads
  }

  private mutating func noteWhatIsAhead() {
    if !tasks.values.contains(where: { $0.isAhead && $0.mayWrite }) { schedule.noteNothingAhead() }
  }

  // MARK: Checkpoints

  /// Selects the task with the oldest checkpoint, among those whose last checkpoint was started at least `interval` ago and
  /// that have committed more since. Its next checkpoint counts as started now. Returns the positions that it has read.
  package mutating func beginCheckpoint(now: Int64, interval: Int64) -> (
    number: Int32, task: Task, positions: Positions
  )? {
    let due = taskNumbers.filter { number in
      guard let running = tasks[number], running.completingTo == nil, !running.isCheckpointed else {
        return false
      }
      return now - running.checkpointedAt >= interval
    }
    guard
      let number = due.min(by: { tasks[$0]?.checkpointedAt ?? 0 < tasks[$1]?.checkpointedAt ?? 0 }),
      let running = tasks[number]
    else { return nil }
    tasks[number]?.checkpointedAt = now
    tasks[number]?.isCheckpointed = true
    return (number, running.task, running.positions)
  }

  /// Records that the checkpoint was not completed.
  package mutating func giveUpCheckpoint(of number: Int32) { tasks[number]?.isCheckpointed = false }
}
