import Contract
import EventLog
import KafkaLog
import Testing

@Suite("What a commit leaves behind, on Kafka", .enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaNoteTests {
  private let source = TopicPartition(.usageActions, 1)

  private func join(
    _ log: KafkaLog, group: String, id: String = Broker.unique("x")
  ) throws -> (any GroupMember, Tracker) {
    let tracker = Tracker([.usageActions])
    let member = try log.join(
      GroupSpec(name: group, topics: [.usageActions]), as: MemberIdentity(transactionalID: id))
    tracker.member = member
    #expect(!member.isInGroup)
    #expect(try member.poll(tracker) { tracker.tasks.count == 4 })
    #expect(member.isInGroup)
    return (member, tracker)
  }

  @Test func aNoteGoesWithItsPositionAndIsReplacedWithIt() throws {
    let log = try Broker.log()
    let group = Broker.unique("g")
    let (member, tracker) = try join(log, group: group)
    let other = TopicPartition(.usageActions, 2)
    let note = #"{"é": "\#(String(repeating: "n", count: 2_000))"}"#
    let first = member.commit(OutputBatch(), positions: [source: 7, other: 3], notes: [source: note])
    #expect(first.isCommitted)
    var committed = try member.committed([source, other])
    #expect(committed.positions == [source: 7, other: 3])
    #expect(committed.notes == [source: note])
    #expect(try log.notes([source, other], of: group) == [source: note])
    #expect(try log.notes([source], of: Broker.unique("nobody")).isEmpty && log.notes([], of: group).isEmpty)
    #expect(member.commit(OutputBatch(), positions: [source: 7]).isCommitted)
    committed = try member.committed([source, other])
    #expect(committed.notes == [:])
    member.close(tracker)
    #expect(!member.isInGroup)
  }

  /// A transaction that a dead process left open hides what comes after it from `read_committed` readers.
  // Holds REL-50.
  @Test func theVisibleEndLiesBeforeAnOpenTransaction() throws {
    let prefix = Broker.unique("t") + "."
    let log = try Broker.log(prefix: prefix)
    let output = TopicPartition(.partnerPartials, 0)
    let (member, tracker) = try join(log, group: Broker.unique("g"))
    let open = try OpenTransaction(writing: "open", to: prefix + output.topic.name)
    #expect(
      member.commit(outputs(["a"], to: .partnerPartials, partition: 0), positions: [source: 1]).isCommitted)
    #expect(try log.visibleEnds([output]) == [output: 0])
    #expect(try log.ends([output])[output] ?? 0 >= 2)
    try open.abort()
    let deadline = ContinuousClock.now + .seconds(20)
    while try log.visibleEnds([output]) != log.ends([output]), .now < deadline {}
    #expect(try log.visibleEnds([output]) == log.ends([output]))
    member.close(tracker)
  }

  /// Two deployments on one cluster that differ in their prefix alone.
  // Holds REL-45.
  @Test func groupsAndTransactionalIDsAreOfOnePrefix() throws {
    let (group, id) = (Broker.unique("g"), Broker.unique("x"))
    let (production, trial) = (try Broker.log(), try Broker.log())
    let (first, firstTracker) = try join(production, group: group, id: id)
    let (second, secondTracker) = try join(trial, group: group, id: id)
    #expect(first.commit(OutputBatch(), positions: [source: 1]).isCommitted)
    #expect(second.commit(OutputBatch(), positions: [source: 2]).isCommitted)
    #expect(first.commit(OutputBatch(), positions: [source: 3]).isCommitted)
    #expect(try production.committed([source], of: group) == [source: 3])
    #expect(try trial.committed([source], of: group) == [source: 2])
    second.close(secondTracker)
    try trial.deleteGroups([group])
    #expect(try trial.committed([source], of: group) == [:])
    #expect(try production.committed([source], of: group) == [source: 3])
    first.close(firstTracker)
  }

  // Holds REL-55.
  @Test func theFormOfGroupMetadataIsTheOneThatIsRead() throws {
    try GroupMetadata.checkForm()
  }
}
