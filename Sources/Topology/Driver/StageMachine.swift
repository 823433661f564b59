import Contract
import EventLog

/// What a member of a stage's group does with what it hears, without I/O: the tasks that it owns, where each stands, what a
/// commit holds and what becomes of the tasks after its outcome.
///
/// A task first *restores*: from a checkpoint, or from the beginning, it reads up to the group's committed positions, and
/// what would have been written on the way has been written before. Then it is *live*.
package struct StageMachine<Task: StageTask> {
  private struct Running {
    var task: Task
    /// The next offset of each of the task's partitions.
    var positions: Positions
    /// Where the group stood; nil once the task is live.
    var restoringTo: Positions?
    /// Whether something was read since the last commit.
    var isAhead = false
    var checkpointedAt: Int64
    /// Whether the last checkpoint holds all that is committed.
    var isCheckpointed = false
  }

  private let context: Task.Context
  private let policy: CommitPolicy
  /// A test hook.
  private let misbehavior: Misbehavior
  private var tasks: [Int32: Running] = [:]
  private var recordsSince: Int64?
  private var positionsSince: Int64?
  private var lastCommit: Int64 = .min / 2
  private var lastAtEnd: Int64?
  private var atEnd: Set<TopicPartition> = []

  package init(_ context: Task.Context, policy: CommitPolicy, misbehavior: Misbehavior = []) {
    self.context = context
    self.misbehavior = misbehavior
    self.policy = policy
  }

  /// The numbers of the tasks, ascending.
  package var taskNumbers: [Int32] { tasks.keys.sorted() }

  package func task(_ number: Int32) -> Task? { tasks[number]?.task }

  /// A live task and how far it has read.
  package func liveTask(_ number: Int32) -> (task: Task, positions: Positions)? {
    guard let running = tasks[number], running.restoringTo == nil else { return nil }
    return (running.task, running.positions)
  }

  package static func partitions(of task: Int32) -> [TopicPartition] {
    Task.stage.inputs.map { TopicPartition($0, task) }
  }

  // MARK: Assignment

  /// Takes a task on, from `checkpoint` if it has one. Returns where to read.
  /// Throws an `unusable` error if the log no longer has what the task must read.
  package mutating func assign(
    _ number: Int32, checkpoint: Checkpoint<Task>?, committed: Positions, beginnings: Positions, now: Int64
  ) throws(LogError) -> Positions {
    var start: Positions = [:]
    var goal: Positions = [:]
    for partition in Self.partitions(of: number) {
      let beginning = beginnings[partition] ?? 0
      let position = checkpoint?.positions[partition] ?? 0
      guard position >= beginning else {
        throw .historyMissing(partition, beginning: beginning, needed: position)
      }
      start[partition] = position
      goal[partition] = max(position, committed[partition] ?? 0)
    }
    let task = checkpoint?.task ?? Task(partition: number, context)
    let isLive = start == goal || misbehavior.contains(.publishesWhileRestoring)
    tasks[number] = Running(
      task: task, positions: start, restoringTo: isLive ? nil : goal, checkpointedAt: now,
      isCheckpointed: isLive)
    for partition in start.keys { atEnd.remove(partition) }
    return isLive ? start : start.filter { goal[$0.key] != $0.value }
  }

  /// Gives tasks up as they are.
  package mutating func remove(_ numbers: [Int32]) {
    for number in numbers {
      tasks[number] = nil
      atEnd.subtract(Self.partitions(of: number))
    }
    noteWhatIsAhead()
  }

  // MARK: Reading

  /// Takes in records until a commit should be made, and returns how many it has taken. Records of tasks that it does not own,
  /// and those that a task has read, are passed over.
  @discardableResult
  package mutating func receive(
    _ records: UnsafeBufferPointer<Record>, now: Int64
  ) throws(LogError) -> Int {
    var index = records.startIndex
    while index < records.endIndex {
      // Records come in runs of one partition: look its task up once a run.
      let partition = records[index].topicPartition
      var (end, bytes) = (index, 0)
      repeat {
        bytes += (records[end].key?.count ?? 0) + (records[end].value?.count ?? 0)
        end += 1
      } while end < records.endIndex && bytes < policy.mostHeldBytes
        && records[end].topicPartition == partition
      try receive(UnsafeBufferPointer(rebasing: records[index..<end]), of: partition, now: now)
      index = end
      if isFull(partition.partition) { break }
    }
    return index
  }

  /// Whether the live tasks, of which this one has just taken records, hold as much as a commit should.
  private func isFull(_ number: Int32) -> Bool {
    guard let running = tasks[number], running.task.heldBytes > 0 else { return false }
    if running.restoringTo != nil {
      // All of it was written before.
      if running.task.heldBytes >= policy.mostHeldBytes { running.task.discardChanges() }
      return false
    }
    return heldBytes >= policy.mostHeldBytes
  }

  /// Bytes that live tasks keep only to be written.
  package var heldBytes: Int {
    tasks.values.reduce(0) { $0 + ($1.restoringTo == nil ? $1.task.heldBytes : 0) }
  }

  package var isFull: Bool { heldBytes >= policy.mostHeldBytes }

  private mutating func receive(
    _ run: UnsafeBufferPointer<Record>, of partition: TopicPartition, now: Int64
  ) throws(LogError) {
    guard let running = tasks[partition.partition], let position = running.positions[partition] else {
      return
    }
    let limit = running.restoringTo.map { $0[partition] ?? 0 } ?? .max
    guard
      let first = run.firstIndex(where: {
        $0.offset >= position || misbehavior.contains(.takesRecordsTwice)
      })
    else { return }
    let end = run.lastIndex { $0.offset < limit }.map { $0 + 1 } ?? first
    if first < end { try running.task.apply(UnsafeBufferPointer(rebasing: run[first..<end])) }
    atEnd.remove(partition)
    move(partition, to: end < run.count ? limit : run[end - 1].offset + 1)
    if running.restoringTo == nil, recordsSince == nil { recordsSince = now }
  }

  /// Takes in that a partition holds nothing before `offset` that was not handed out.
  /// Throws an `unusable` error if the group has already read further than that.
  package mutating func reachEnd(of partition: TopicPartition, at offset: Int64, now: Int64) throws(LogError)
  {
    guard let running = tasks[partition.partition], let position = running.positions[partition] else {
      return
    }
    if let goal = running.restoringTo?[partition], offset < goal {
      throw LogError(
        .unusable, code: "HISTORY_MISSING",
        "\(partition) ends at offset \(offset), but its group has committed \(goal): it was truncated or made anew"
      )
    }
    atEnd.insert(partition)
    let reached = running.restoringTo.map { min(offset, $0[partition] ?? 0) } ?? offset
    if reached > position {
      move(partition, to: reached)
      if running.restoringTo == nil, positionsSince == nil { positionsSince = now }
    }
    if isAtEnd { lastAtEnd = now }
  }

  /// Takes in that there is next to nothing left to read of a partition, which is at its end as far as commits go.
  package mutating func nearEnd(of partition: TopicPartition, now: Int64) {
    guard tasks[partition.partition]?.positions[partition] != nil else { return }
    atEnd.insert(partition)
    if isAtEnd { lastAtEnd = now }
  }

  private mutating func move(_ partition: TopicPartition, to position: Int64) {
    tasks[partition.partition]?.positions[partition] = position
    tasks[partition.partition]?.isAhead = true
  }

  /// Whether every partition of every task is read up to its end.
  package var isAtEnd: Bool {
    tasks.allSatisfy { number, running in
      running.restoringTo == nil && Self.partitions(of: number).allSatisfy(atEnd.contains)
    }
  }

  /// Makes those tasks live that have restored all they must. Returns where these are to be read from now on.
  package mutating func finishRestoring() -> Positions {
    var reads: Positions = [:]
    for number in taskNumbers {
      guard let running = tasks[number], let goal = running.restoringTo,
        running.positions.allSatisfy({ $0.value >= goal[$0.key] ?? 0 })
      else { continue }
      running.task.discardChanges()
      tasks[number]?.restoringTo = nil
      tasks[number]?.isAhead = false
      atEnd.subtract(Self.partitions(of: number))
      reads.merge(running.positions) { $1 }
    }
    return reads
  }

  // MARK: Committing

  package func isCommitDue(now: Int64) -> Bool {
    policy.isDue(
      now: now, recordsSince: recordsSince, positionsSince: positionsSince, lastCommit: lastCommit,
      atEnd: isAtEnd, lastAtEnd: lastAtEnd)
  }

  /// Whether anything was read that is not committed.
  package var isAhead: Bool { recordsSince != nil || positionsSince != nil }

  /// Fills `outputs` with what the live tasks have to write, and returns the positions that go with it. Every position of a
  /// task goes along each time, since a log forgets positions that are not renewed.
  package mutating func prepareCommit(into outputs: inout OutputBatch) throws(LogError) -> Positions {
    var positions: Positions = [:]
    for number in taskNumbers {
      guard let running = tasks[number], running.restoringTo == nil, running.isAhead else { continue }
      try running.task.drain(into: &outputs)
      positions.merge(running.positions) { $1 }
    }
    return positions
  }

  /// The commit holds. Returns what it counts.
  package mutating func commitSucceeded(now: Int64) -> StageCounts {
    var counts = StageCounts()
    for (number, running) in tasks where running.restoringTo == nil && running.isAhead {
      counts += running.task.takeCounts()
      tasks[number]?.isAhead = false
      tasks[number]?.isCheckpointed = false
    }
    lastCommit = now
    noteWhatIsAhead()
    return counts
  }

  private mutating func noteWhatIsAhead() {
    guard !tasks.values.contains(where: { $0.isAhead && $0.restoringTo == nil }) else { return }
    recordsSince = nil
    positionsSince = nil
  }

  // MARK: Checkpoints

  /// The tasks whose state is what is committed, and whose last checkpoint is of another and `interval` or longer ago.
  package mutating func tasksToCheckpoint(now: Int64, interval: Int64) -> [(
    number: Int32, task: Task, positions: Positions
  )] {
    taskNumbers.compactMap { number in
      guard let running = tasks[number], running.restoringTo == nil, !running.isAhead,
        !running.isCheckpointed, now - running.checkpointedAt >= interval
      else { return nil }
      tasks[number]?.checkpointedAt = now
      tasks[number]?.isCheckpointed = true
      return (number, running.task, running.positions)
    }
  }
}
