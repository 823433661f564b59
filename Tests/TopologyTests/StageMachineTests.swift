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

  func machine(committed: Positions = [:]) -> (Machine, reads: Positions) {
    var machine = Machine(policy: CommitPolicy())
    let reads = assign(&machine, committed: committed)
    return (machine, reads)
  }

  @discardableResult
  func assign(
    _ machine: inout Machine, committed: Positions = [:], spoken: Positions? = nil,
    publishingAgain: Bool = false
  ) -> Positions {
    machine.assign(
      0, Checkpoint(task: CountingTask(partition: 0, ()), positions: committed), committed: committed,
      spoken: spoken, publishingAgain: publishingAgain, now: 0)
  }

  @Test func aNewTaskReadsAllItsPartitionsFromTheBeginning() throws {
    let (_, reads) = machine()
    #expect(reads == everywhere(0))
    #expect(reads.count == Topic.inputs.count)
  }

  @Test func everyCommitCarriesEveryPositionOfTheTask() throws {
    var (machine, _) = machine()
    try receive(&machine, actions, 0..<3)
    let drain = try machine.prepareCommit()
    var expected = everywhere(0)
    expected[actions] = 3
    #expect(drain.positions == expected)
    #expect(drain.before == everywhere(0))
    #expect(drain.outputs.count == 1)
  }

  @Test func recordsThatWereReadArePassedOver() throws {
    var (machine, _) = machine()
    try receive(&machine, actions, 0..<3)
    try receive(&machine, actions, 1..<5)
    #expect(machine.task(0)?.offsets[actions] == [0, 1, 2, 3, 4])
  }

  @Test func recordsOfTasksThatAreNotItsOwnArePassedOver() throws {
    var (machine, _) = machine()
    try receive(&machine, TopicPartition(.usageActions, 1), 0..<3)
    #expect(!machine.isAhead)
    machine.remove([0])
    try receive(&machine, actions, 0..<3)
    #expect(!machine.isAhead)
    #expect(machine.taskNumbers.isEmpty)
  }

  @Test func aRestoredTaskReadsOnWhereItsGroupStands() throws {
    let committed = everywhere(0).merging([actions: 2, lines: 1]) { $1 }
    var (machine, reads) = machine(committed: committed)
    #expect(reads == committed)
    let nothing = try machine.prepareCommit()
    #expect(nothing.positions.isEmpty)
    #expect(nothing.outputs.isEmpty)
    try receive(&machine, actions, 0..<3)
    let drain = try machine.prepareCommit()
    #expect(drain.positions[actions] == 3)
    #expect(drain.before[actions] == 2)
    #expect(drain.outputs.count == 1)
    #expect(drain.counts.records == 1)
  }

  @Test func aRecordThatOnlyADefectCanHaveWrittenStops() throws {
    var (machine, _) = machine()
    let tombstone = Record(
      topic: .usageActions, partition: 0, offset: 0, timestamp: nil, key: nil, value: nil)
    #expect(throws: LogError.self) {
      try [tombstone].withUnsafeBufferPointer { try machine.receive($0, now: 0) }
    }
  }

  @Test func aCommitIsDueOnceTheInputIsDrained() throws {
    var (machine, _) = machine()
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
    var (machine, _) = machine()
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

  @Test func aCheckpointIsBegunWhenMoreIsCommitted() throws {
    var (machine, _) = machine()
    try receive(&machine, actions, 0..<3)
    #expect(machine.beginCheckpoint(now: 100_000, interval: 1) == nil)
    _ = machine.commitSucceeded(try machine.prepareCommit(), now: 100_000)
    try receive(&machine, actions, 3..<5)
    let due = machine.beginCheckpoint(now: 100_000, interval: 60_000)
    #expect(due?.number == 0)
    // It holds what was read, and counts when that is committed.
    #expect(due?.positions[actions] == 5)
    #expect(machine.positions(of: 0)?.committed[actions] == 3)
    // Nothing new is worth no other checkpoint.
    #expect(machine.beginCheckpoint(now: 160_000, interval: 60_000) == nil)
    _ = machine.commitSucceeded(try machine.prepareCommit(), now: 150_000)
    #expect(machine.beginCheckpoint(now: 159_999, interval: 60_000) == nil)
    #expect(machine.beginCheckpoint(now: 160_000, interval: 60_000) != nil)
    machine.giveUpCheckpoint(of: 0)
    #expect(machine.beginCheckpoint(now: 219_999, interval: 60_000) == nil)
    #expect(machine.beginCheckpoint(now: 220_000, interval: 60_000) != nil)
  }

  // MARK: Drains that an earlier owner wrote in part

  /// A machine with task 0 at the committed positions, to which a drain up to `actions` 5 was written in part.
  private func completing() throws -> Machine {
    var machine = Machine(policy: CommitPolicy())
    let reads = assign(
      &machine, committed: everywhere(0), spoken: everywhere(0).merging([actions: 5]) { $1 })
    #expect(reads == everywhere(0))
    return machine
  }

  @Test func aDrainIsCompletedExactlyAsFarAsItWent() throws {
    var machine = try completing()
    try receive(&machine, actions, 0..<4)
    // Not yet: what it would write now is older than what was written.
    #expect(try machine.prepareCommit().positions.isEmpty)
    #expect(!machine.isCommitDue(now: 1))
    #expect(machine.completingTasks == [0])
    try receive(&machine, actions, 4..<9)
    #expect(machine.task(0)?.count == 5)
    #expect(machine.isCommitDue(now: 1))
    let drain = try machine.prepareCommit()
    #expect(drain.positions == everywhere(0).merging([actions: 5]) { $1 })
    #expect(drain.before == everywhere(0))
    // What lies behind it was passed over, and is read anew.
    #expect(machine.commitSucceeded(drain, now: 2) == drain.positions)
    #expect(machine.completingTasks.isEmpty)
    try receive(&machine, actions, 5..<9)
    #expect(machine.task(0)?.count == 9)
    #expect(try machine.prepareCommit().positions[actions] == 9)
  }

  @Test func whatIsReadWhileADrainIsWrittenComesWithTheNext() throws {
    var (machine, _) = machine()
    try receive(&machine, actions, 0..<3)
    let drain = try machine.prepareCommit()
    try receive(&machine, actions, 3..<5)
    #expect(machine.commitSucceeded(drain, now: 1).isEmpty)
    #expect(machine.isAhead)
    let next = try machine.prepareCommit()
    #expect(next.before[actions] == 3)
    #expect(next.positions[actions] == 5)
    #expect(next.counts.records == 2)
  }

  @Test func aTruncatedLogCannotCompleteADrain() throws {
    var machine = try completing()
    #expect(throws: LogError.self) { try machine.reachEnd(of: actions, at: 3, now: 0) }
  }

  // MARK: Outputs that were lost

  @Test func nothingIsReadBeforeAllIsPublishedAgain() throws {
    var machine = Machine(policy: CommitPolicy())
    assign(&machine, committed: [actions: 3], publishingAgain: true)
    try receive(&machine, actions, 3..<5)
    #expect(machine.task(0)?.count == 0)
    #expect(machine.reads.isEmpty)
    #expect(machine.isCommitDue(now: 0))
    let drain = try machine.prepareCommit()
    #expect(drain.publishingAgain == [0])
    #expect(drain.positions == drain.before.merging(everywhere(0)) { old, _ in old })
    #expect(machine.commitSucceeded(drain, now: 1)[actions] == 3)
    try receive(&machine, actions, 3..<5)
    #expect(machine.task(0)?.count == 2)
    #expect(try machine.prepareCommit().publishingAgain.isEmpty)
  }

  @Test func aDrainIsCompletedBeforeAllIsPublishedAgain() throws {
    var machine = Machine(policy: CommitPolicy())
    assign(&machine, spoken: [actions: 5], publishingAgain: true)
    try receive(&machine, actions, 0..<9)
    let first = try machine.prepareCommit()
    #expect(first.positions[actions] == 5 && first.publishingAgain.isEmpty)
    #expect(machine.commitSucceeded(first, now: 1).isEmpty)
    let second = try machine.prepareCommit()
    #expect(second.positions[actions] == 5 && second.publishingAgain == [0])
    #expect(machine.commitSucceeded(second, now: 2)[actions] == 5)
  }
}
