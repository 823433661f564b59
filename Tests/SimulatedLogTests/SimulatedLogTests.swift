import Contract
import EventLog
import SimulatedLog
import Testing

@Suite("Simulated log") struct SimulatedLogTests {
  let cluster = SimulatedCluster(clock: VirtualClock(), partitions: 1)
  let input = TopicPartition(.partnerPartials, 0)
  let output = TopicPartition(.indicatorSnapshots, 0)

  /// A member of group "g" that owns task 0.
  func member(_ id: String, on host: Host = Host(), _ listener: Listener) throws -> any GroupMember {
    let log = SimulatedLog(cluster, on: host)
    let spec = GroupSpec(name: "g", topics: [.partnerPartials])
    let member = try log.join(spec, as: MemberIdentity(transactionalID: id))
    for _ in 0..<100 where listener.assigned.isEmpty { try member.poll(timeout: 0, listener) }
    return member
  }

  func batch(_ key: String) -> OutputBatch {
    var batch = OutputBatch()
    batch.append(.indicatorSnapshots, partition: 0, key: Array(key.utf8), value: [1])
    return batch
  }

  func visible() throws -> [String] {
    var keys: [String] = []
    let reader = try SimulatedLog(cluster, on: Host()).reader([.indicatorSnapshots])
    _ = try reader.poll(timeout: 0) { records in
      for record in records { keys.append(String(decoding: record.key.map(Array.init) ?? [], as: UTF8.self)) }
    }
    return keys
  }

  @Test func recordsAreHandedOutInOrderAndTheEndIsTold() throws {
    for value in 0..<5 as Range<UInt8> { cluster.append(input, key: [1], value: [value], timestamp: nil) }
    let listener = Listener()
    let member = try member("a", listener)
    for _ in 0..<100 where listener.end == nil { try member.poll(timeout: 0, listener) }
    // Some may come again; what is new comes in order.
    var new: [Int64] = []
    for offset in listener.offsets where offset == Int64(new.count) { new.append(offset) }
    #expect(new == [0, 1, 2, 3, 4])
    #expect(listener.end == 5)
  }

  @Test func aCommitIsSeenWithItsPositions() throws {
    let member = try member("a", Listener())
    guard case .committed = member.commit(batch("k"), positions: [input: 3]) else {
      Issue.record("not committed")
      return
    }
    #expect(try visible() == ["k"])
    #expect(cluster.committed(of: "g").positions == [input: 3])
    #expect(cluster.violations.isEmpty)
  }

  @Test(arguments: CommitFault.allCases) func aFaultMakesAllOfACommitOrNothing(fault: CommitFault) throws {
    let host = Host()
    let member = try member("a", on: host, Listener())
    host.commitFaults = [fault]
    let outcome = member.commit(batch("k"), positions: [input: 3])
    if case .committed = outcome { Issue.record("\(fault) went unnoticed") }
    cluster.clock.advance(by: 10_000)
    let isWritten = [.unknownCommitted, .unknownPrepared, .diesPrepared, .fatalCommitted].contains(fault)
    #expect(try visible() == (isWritten ? ["k"] : []))
    #expect(cluster.committed(of: "g").positions == (isWritten ? [input: 3] : [:]))
  }

  @Test func whatIsUndecidedHidesWhatFollows() throws {
    let host = Host()
    let member = try member("a", on: host, Listener())
    host.commitFaults = [.unknownOpen]
    _ = member.commit(batch("open"), positions: [input: 1])
    cluster.append(output, key: Array("later".utf8), value: [1], timestamp: nil)
    #expect(try visible() == [])
    let other = try SimulatedLog(cluster, on: Host())
      .join(GroupSpec(name: "g", topics: [.partnerPartials]), as: MemberIdentity(transactionalID: "b"))
    #expect(throws: LogError.self) { try other.committed([input]) }
    #expect(try member.committed([input]).positions == [:])
    #expect(try visible() == ["later"])
  }

  @Test func aNewMemberOfTheSameIdFencesTheFormerOne() throws {
    let former = try member("a", Listener())
    _ = try member("a", Listener(assigned: [0]))
    guard case .fatal(let error) = former.commit(batch("k"), positions: [input: 1]) else {
      Issue.record("not fenced")
      return
    }
    #expect(error.code == "FENCED")
  }

  @Test func aSilentMemberIsThrownOutAndCannotCommit() throws {
    let listener = Listener()
    let member = try member("a", listener)
    cluster.clock.advance(by: 10_000)
    guard case .aborted = member.commit(batch("k"), positions: [input: 1]) else {
      Issue.record("not refused")
      return
    }
    try member.poll(timeout: 0, listener)
    #expect(listener.lost == [0])
  }

  @Test func compactionKeepsWhatTheGroupHasReadAndWhatIsNewest() throws {
    for value in [1, 2, 3] as [UInt8] { cluster.append(input, key: [7], value: [value], timestamp: nil) }
    cluster.append(input, key: [7], value: nil, timestamp: nil)
    let member = try member("a", Listener())
    _ = member.commit(OutputBatch(), positions: [input: 2])
    for seed in 0..<50 { cluster.compact(input, readBy: "g", seed: UInt64(seed)) }
    let listener = Listener()
    try member.read(from: [input: 0])
    for _ in 0..<100 where listener.end == nil { try member.poll(timeout: 0, listener) }
    #expect(Set(listener.offsets) == [1, 2, 3])
  }

  @Test func generationsShareTheInputsOnly() throws {
    let cluster = SimulatedCluster(clock: VirtualClock(), partitions: 1, generations: 2)
    let event = TopicPartition(.customers, 0)
    let logs = [Generation.first, Generation.first.next].map { SimulatedLog(cluster, on: Host(), $0) }
    let spec = GroupSpec(name: "g", topics: [.partnerPartials])
    let member = try logs[1].join(spec, as: MemberIdentity(transactionalID: "a"))
    for _ in 0..<100 where !member.isInGroup { try member.poll(timeout: 0, Listener()) }
    cluster.append(event, key: [1], value: [1], timestamp: nil)
    guard case .committed = member.commit(batch("k"), positions: [input: 3], notes: [input: "n"]) else {
      Issue.record("not committed")
      return
    }
    #expect(try logs.map { try $0.ends([event])[event] } == [1, 1])
    // A record and the transaction's marker.
    #expect(try logs.map { try $0.ends([output])[output] } == [0, 2])
    #expect(try logs[0].notes([input, event], of: "g") == [input: "n"])
    cluster.recreate(.indicatorSnapshots, in: logs[1].generation)
    #expect(try logs[1].ends([output]) == [output: 0])
  }

  @Test func heartbeatsGoOnWhileACommitTakesLong() throws {
    let host = Host()
    let listener = Listener()
    let member = try member("a", on: host, listener)
    host.delay = { [cluster] in cluster.clock.advance(by: 1_000) }
    // Three seconds and more would throw it out of its group.
    guard case .committed = member.commit(batch("k"), positions: [input: 1]) else {
      Issue.record("not committed")
      return
    }
    try member.poll(timeout: 0, listener)
    #expect(listener.lost.isEmpty)
  }

  @Test func aTransactionThatTakesTooLongIsAborted() throws {
    let host = Host()
    let member = try member("a", on: host, Listener())
    host.delay = { [cluster] in cluster.clock.advance(by: 6_000) }
    if case .committed = member.commit(batch("k"), positions: [input: 1]) { Issue.record("committed") }
    #expect(try visible() == [])
  }

  @Test func aDeadHostDoesNothing() throws {
    let host = Host()
    let member = try member("a", on: host, Listener())
    host.kill()
    _ = member.commit(batch("k"), positions: [input: 1])
    #expect(try visible() == [])
    #expect(throws: LogError.self) { try member.poll(timeout: 0, Listener()) }
  }
}

final class Listener: GroupListener {
  var assigned: [Int32]
  var lost: [Int32] = []
  var offsets: [Int64] = []
  var end: Int64?

  init(assigned: [Int32] = []) { self.assigned = assigned }

  func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
    assigned += tasks
    return Positions(uniqueKeysWithValues: tasks.map { (TopicPartition(.partnerPartials, $0), 0) })
  }
  func revoked(_ tasks: [Int32]) {}
  func lost(_ tasks: [Int32]) { lost += tasks }
  func received(_ records: UnsafeBufferPointer<Record>) { offsets += records.map(\.offset) }
  func reachedEnd(of partition: TopicPartition, at offset: Int64) { end = offset }
}
