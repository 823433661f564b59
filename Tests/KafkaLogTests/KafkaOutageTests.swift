import Contract
import EventLog
import Foundation
import KafkaLog
import Testing

@Suite(.enabled(if: OwnBroker.isAvailable), .timeLimit(.minutes(10)))
struct KafkaOutageTests {
  private func open(
    _ broker: OwnBroker, instanceID: String? = nil
  ) throws -> (KafkaLog, any GroupMember, Tracker) {
    let log = try KafkaLog(
      bootstrapServers: broker.address, properties: [("transaction.timeout.ms", "3000")], log: { _ in })
    try log.createTopics(partitions: 2)
    let tracker = Tracker([.usageActions])
    let group = Broker.unique("g")
    let member = try log.join(
      GroupSpec(name: group, topics: [.usageActions]),
      as: MemberIdentity(transactionalID: group, instanceID: instanceID))
    tracker.member = member
    return (log, member, tracker)
  }

  @Test func closingEndsThoughTheBrokerIsGone() throws {
    let broker = try OwnBroker()
    let (log, member, tracker) = try open(broker)
    #expect(try member.poll(tracker) { tracker.tasks.count == 2 })
    let never = try log.join(
      GroupSpec(name: Broker.unique("g"), topics: [.usageActions]),
      as: MemberIdentity(transactionalID: "never"))
    try broker.stop()
    let start = ContinuousClock.now
    never.close(Tracker([.usageActions]))
    member.close(tracker)
    #expect(ContinuousClock.now - start < .seconds(40))
    #expect(tracker.tasks.isEmpty)
  }

  @Test func closingBeforeTheGroupWasJoinedReturnsAtOnce() throws {
    let broker = try OwnBroker()
    let (_, member, tracker) = try open(broker)
    let start = ContinuousClock.now
    member.close(tracker)
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  // Holds REL-28.
  @Test func commitDuringAnOutageEndsAndTheNextOneCounts() throws {
    let broker = try OwnBroker()
    let (log, member, tracker) = try open(broker)
    #expect(try member.poll(tracker) { tracker.tasks.count == 2 })
    let source = TopicPartition(.usageActions, 0)
    try log.append((0..<10).map(String.init), to: .usageActions, partition: 0)
    let first = outputs(["first"], to: .partnerPartials, partition: 0)
    #expect(member.commit(first, positions: [source: 1]).isCommitted)
    try broker.stop()
    let start = ContinuousClock.now
    let lost = outputs(["lost"], to: .partnerPartials, partition: 0)
    let outcome = member.commit(lost, positions: [source: 2])
    #expect(!outcome.isCommitted)
    #expect(ContinuousClock.now - start < .seconds(60))
    try broker.start()
    // Whatever became of it, positions and outputs tell the same.
    #expect(try member.poll(tracker, seconds: 60) { tracker.tasks.count == 2 && tracker.assignments > 0 })
    var position: Int64 = 0
    for _ in 0..<10 where position == 0 {
      position = (try? member.committed([source]).positions[source] ?? 0) ?? 0
    }
    var committed = false
    for _ in 0..<30 where !committed {
      try member.poll(timeout: 500, tracker)
      let next = outputs(["next"], to: .partnerPartials, partition: 0)
      committed = member.commit(next, positions: [source: position + 1]).isCommitted
    }
    #expect(committed)
    let expected = position == 1 ? ["first", "next"] : ["first", "lost", "next"]
    #expect(try log.readAll([.partnerPartials]).map(\.text) == expected)
    #expect(try member.committed([source]).positions == [source: position + 1])
    member.close(tracker)
  }

  /// It asks the group's coordinator whether all tasks have owners, and only the broker's return brings the answer.
  @Test func aStaticMemberGoesOnAfterAnOutage() throws {
    let broker = try OwnBroker()
    let (_, member, tracker) = try open(broker, instanceID: "a")
    try broker.stop()
    #expect(try !member.poll(tracker, seconds: 12) { !tracker.tasks.isEmpty })
    try broker.start()
    #expect(try member.poll(tracker, seconds: 60) { tracker.tasks.count == 2 })
    // Until it has the answer.
    _ = try member.poll(tracker, seconds: 7) { false }
    #expect(tracker.tasks.count == 2)
    member.close(tracker)
  }

  @Test func aStaticMemberThatWaitsForItsGroupsCoordinatorEnds() throws {
    let broker = try OwnBroker()
    let (_, member, tracker) = try open(broker, instanceID: "a")
    try broker.stop()
    _ = try member.poll(tracker, seconds: 7) { false }
    let start = ContinuousClock.now
    member.close(tracker)
    #expect(ContinuousClock.now - start < .seconds(40))
  }
}
