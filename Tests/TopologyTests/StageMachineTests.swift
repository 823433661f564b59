import Contract
import EventLog
import Testing
import Topology

@Suite("Stage machine") struct StageMachineTests {
  typealias Machine = StageMachine<CountingTask>
  let actions = TopicPartition(.usageActions, 0)
  let lines = TopicPartition(.billingLines, 0)

  func everywhere(_ offset: Int64) -> Positions {
    Positions(uniqueKeysWithValues: Machine.partitions(of: 0).map { ($0, offset) })
  }

  /// Hands the records with these offsets of a partition to the machine.
  func receive(_ machine: inout Machine, _ partition: TopicPartition, _ offsets: Range<Int64>, now: Int64 = 0)
    throws(LogError)
  {
    let value = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
    defer { value.deallocate() }
    let records = offsets.map {
      Record(
        topic: partition.topic, partition: partition.partition, offset: $0, timestamp: nil, key: nil,
        value: UnsafeRawBufferPointer(value))
    }
    let outcome = records.withUnsafeBufferPointer { buffer -> LogError? in
      do throws(LogError) {
        try machine.receive(buffer, now: now)
        return nil
      } catch {
        return error
      }
    }
    if let outcome { throw outcome }
  }

  func machine(committed: Positions = [:], checkpoint: Checkpoint<CountingTask>? = nil) throws -> (
    Machine, reads: Positions
  ) {
    var machine = Machine((), policy: CommitPolicy())
    let reads = try machine.assign(
      0, checkpoint: checkpoint, committed: committed, beginnings: everywhere(0), now: 0)
    return (machine, reads)
  }

  @Test func aNewTaskReadsAllItsPartitionsFromTheBeginning() throws {
    let (_, reads) = try machine()
    #expect(reads == everywhere(0))
    #expect(reads.count == Topic.inputs.count)
  }

  @Test func everyCommitCarriesEveryPositionOfTheTask() throws {
    var (machine, _) = try machine()
    try receive(&machine, actions, 0..<3)
    let drain = try machine.prepareCommit()
    var expected = everywhere(0)
    expected[actions] = 3
    #expect(drain.positions == expected)
    #expect(drain.before == everywhere(0))
    #expect(drain.outputs.count == 1)
  }

  @Test func recordsThatWereReadArePassedOver() throws {
    var (machine, _) = try machine()
    try receive(&machine, actions, 0..<3)
    try receive(&machine, actions, 1..<5)
    #expect(machine.task(0)?.offsets[actions] == [0, 1, 2, 3, 4])
  }

  @Test func recordsOfTasksThatAreNotItsOwnArePassedOver() throws {
    var (machine, _) = try machine()
    try receive(&machine, TopicPartition(.usageActions, 1), 0..<3)
    #expect(!machine.isAhead)
    machine.remove([0])
    try receive(&machine, actions, 0..<3)
    #expect(!machine.isAhead)
    #expect(machine.taskNumbers.isEmpty)
  }

  @Test func restoringStopsAtTheCommittedPositionsAndWritesNothing() throws {
    var committed = everywhere(0)
    committed[actions] = 2
    committed[lines] = 1
    var (machine, reads) = try machine(committed: committed)
    #expect(reads == [actions: 0, lines: 0])
    try receive(&machine, actions, 0..<5)
    #expect(machine.finishRestoring(now: 0).isEmpty)
    try receive(&machine, lines, 0..<4)
    #expect(machine.task(0)?.count == 3)
    // What lies behind the committed positions is read anew, by the live task.
    #expect(machine.finishRestoring(now: 0) == committed)
    let nothing = try machine.prepareCommit()
    #expect(nothing.positions.isEmpty)
    #expect(nothing.outputs.isEmpty)
    try receive(&machine, actions, 2..<3)
    let drain = try machine.prepareCommit()
    #expect(drain.positions[actions] == 3)
    #expect(drain.before[actions] == 2)
    #expect(drain.outputs.count == 1)
    // What was restored was counted when it was committed.
    #expect(drain.counts.records == 1)
  }

  @Test func restoringEndsAtOffsetsThatHoldNoRecords() throws {
    var committed = everywhere(0)
    committed[actions] = 4
    var (machine, _) = try machine(committed: committed)
    try receive(&machine, actions, 0..<2)
    #expect(machine.finishRestoring(now: 0).isEmpty)
    try machine.reachEnd(of: actions, at: 6, now: 0)
    #expect(machine.finishRestoring(now: 0) == committed)
  }

  @Test func aCheckpointSavesReadingWhatItHolds() throws {
    var committed = everywhere(0)
    committed[actions] = 7
    let task = CountingTask(partition: 0, ())
    let (restoring, reads) = try machine(
      committed: committed,
      checkpoint: Checkpoint(task: task, positions: everywhere(0).merging([actions: 5]) { $1 }))
    #expect(reads == [actions: 5])
    #expect(restoring.task(0) === task)
    let (_, live) = try machine(
      committed: committed, checkpoint: Checkpoint(task: task, positions: committed))
    #expect(live == committed)
  }

  @Test func missingHistoryIsRefused() {
    var machine = Machine((), policy: CommitPolicy())
    var beginnings = everywhere(0)
    beginnings[actions] = 10
    #expect {
      _ = try machine.assign(0, checkpoint: nil, committed: [:], beginnings: beginnings, now: 0)
    } throws: { error in
      let error = error as? LogError
      return error?.kind == .unusable
        && error?.message.contains("usage-actions-0 begins at offset 10") == true
    }
    let task = CountingTask(partition: 0, ())
    let checkpoint = Checkpoint(task: task, positions: everywhere(0).merging([actions: 10]) { $1 })
    #expect(throws: Never.self) {
      _ = try machine.assign(
        0, checkpoint: checkpoint, committed: [actions: 10], beginnings: beginnings, now: 0)
    }
  }

  @Test func aTruncatedLogIsRefused() throws {
    var (machine, _) = try machine(committed: [actions: 8])
    #expect(throws: LogError.self) { try machine.reachEnd(of: actions, at: 5, now: 0) }
  }

  @Test func aRecordThatOnlyADefectCanHaveWrittenStops() throws {
    var (machine, _) = try machine()
    let tombstone = Record(
      topic: .usageActions, partition: 0, offset: 0, timestamp: nil, key: nil, value: nil)
    #expect(throws: LogError.self) {
      try [tombstone].withUnsafeBufferPointer { try machine.receive($0, now: 0) }
    }
  }

  @Test func aCommitIsDueOnceTheInputIsDrained() throws {
    var (machine, _) = try machine()
    try receive(&machine, actions, 0..<1, now: 1_000)
    #expect(!machine.isCommitDue(now: 1_001))
    for partition in Machine.partitions(of: 0) {
      try machine.reachEnd(of: partition, at: partition == actions ? 1 : 0, now: 1_001)
    }
    #expect(machine.isCommitDue(now: 1_001))
    let drain = try machine.prepareCommit()
    #expect(drain.counts.records == 1)
    #expect(machine.commitSucceeded(drain, now: 1_002).isEmpty)
    #expect(!machine.isCommitDue(now: 60_000))
    #expect(!machine.isAhead)
    // A transaction marker moved the position.
    try machine.reachEnd(of: actions, at: 2, now: 2_000)
    #expect(!machine.isCommitDue(now: 2_500))
    #expect(machine.isCommitDue(now: 3_000))
    let moved = try machine.prepareCommit()
    #expect(moved.positions[actions] == 2)
    #expect(moved.outputs.isEmpty)
  }

  @Test func aCommitIsDueNearTheEndOfASteadyStream() throws {
    var (machine, _) = try machine()
    for partition in Machine.partitions(of: 0) where partition != actions {
      try machine.reachEnd(of: partition, at: 0, now: 0)
    }
    for now in stride(from: 1_000 as Int64, to: 5_000, by: 30) {
      let offset = (now - 1_000) / 30
      try receive(&machine, actions, offset..<offset + 1, now: now)
      #expect(!machine.isCommitDue(now: now))
      machine.nearEnd(of: actions, now: now)
      #expect(machine.isCommitDue(now: now))
      let drain = try machine.prepareCommit()
      #expect(drain.positions[actions] == offset + 1)
      _ = machine.commitSucceeded(drain, now: now)
    }
  }

  @Test func checkpointsAreTakenOfWhatIsCommittedOnly() throws {
    var (machine, _) = try machine()
    try receive(&machine, actions, 0..<3)
    #expect(machine.tasksToCheckpoint(now: 100_000, interval: 1).isEmpty)
    let drain = try machine.prepareCommit()
    _ = machine.commitSucceeded(drain, now: 100_000)
    let due = machine.tasksToCheckpoint(now: 100_000, interval: 60_000)
    #expect(due.map(\.number) == [0])
    #expect(due.first?.positions == drain.positions)
    // Nothing new is worth no other checkpoint.
    #expect(machine.tasksToCheckpoint(now: 160_000, interval: 60_000).isEmpty)
    try receive(&machine, actions, 3..<4)
    _ = machine.commitSucceeded(try machine.prepareCommit(), now: 150_000)
    #expect(machine.tasksToCheckpoint(now: 159_999, interval: 60_000).isEmpty)
    #expect(machine.tasksToCheckpoint(now: 160_000, interval: 60_000).count == 1)
  }

  // MARK: Drains that an earlier owner wrote in part

  /// A machine with task 0 at the committed positions, to which a drain up to `actions` 5 was written in part.
  private func completing() throws -> Machine {
    var machine = Machine((), policy: CommitPolicy())
    let reads = try machine.assign(
      0, checkpoint: Checkpoint(task: CountingTask(partition: 0, ()), positions: everywhere(0)),
      committed: everywhere(0), spoken: everywhere(0).merging([actions: 5]) { $1 },
      beginnings: everywhere(0), now: 0)
    #expect(reads == everywhere(0))
    return machine
  }

  @Test func aDrainIsCompletedExactlyAsFarAsItWent() throws {
    var machine = try completing()
    try receive(&machine, actions, 0..<4)
    // Not yet: what it would write now is older than what was written.
    #expect(try machine.prepareCommit().positions.isEmpty)
    #expect(!machine.isCommitDue(now: 1))
    #expect(machine.restoringTasks == [0])
    try receive(&machine, actions, 4..<9)
    #expect(machine.task(0)?.count == 5)
    #expect(machine.isCommitDue(now: 1))
    let drain = try machine.prepareCommit()
    #expect(drain.positions == everywhere(0).merging([actions: 5]) { $1 })
    #expect(drain.before == everywhere(0))
    // What lies behind it was passed over, and is read anew.
    #expect(machine.commitSucceeded(drain, now: 2) == drain.positions)
    #expect(machine.restoringTasks.isEmpty)
    try receive(&machine, actions, 5..<9)
    #expect(machine.task(0)?.count == 9)
    #expect(try machine.prepareCommit().positions[actions] == 9)
  }

  @Test func whatIsReadWhileADrainIsWrittenComesWithTheNext() throws {
    var (machine, _) = try machine()
    try receive(&machine, actions, 0..<3)
    let drain = try machine.prepareCommit()
    try receive(&machine, actions, 3..<5)
    #expect(machine.commitSucceeded(drain, now: 1).isEmpty)
    #expect(machine.isAhead)
    #expect(machine.tasksToCheckpoint(now: 100_000, interval: 1).isEmpty)
    let next = try machine.prepareCommit()
    #expect(next.before[actions] == 3)
    #expect(next.positions[actions] == 5)
    #expect(next.counts.records == 2)
  }

  @Test func aTruncatedLogCannotCompleteADrain() throws {
    var machine = try completing()
    #expect(throws: LogError.self) { try machine.reachEnd(of: actions, at: 3, now: 0) }
  }
}
