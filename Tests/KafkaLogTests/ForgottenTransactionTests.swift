import Contract
import EventLog
import Foundation
import KafkaLog
import Testing

@Suite(
  "A transaction that a member left open", .enabled(if: Broker.address != nil), .timeLimit(.minutes(2)))
struct ForgottenTransactionTests {
  private let prefix = Broker.unique("t") + "."
  private let group = Broker.unique("g")
  private let source = TopicPartition(.usageActions, 1)

  private func join(_ log: KafkaLog, id: String) throws -> (any GroupMember, Tracker) {
    let tracker = Tracker([.usageActions])
    // A note is the author, as the test writes it.
    let spec = GroupSpec(name: group, topics: [.usageActions]) { note in
      let parts = note.split(separator: " ").map(String.init)
      return parts.count == 2 ? CommitAuthor(transactionalID: parts[0], memberID: parts[1]) : nil
    }
    let member = try log.join(spec, as: MemberIdentity(transactionalID: id))
    tracker.member = member
    return (member, tracker)
  }

  private func note(of member: any GroupMember) throws -> String {
    let author = try #require(member.author)
    return "\(author.transactionalID) \(author.memberID)"
  }

  // Holds REL-58.
  @Test func isEndedByWhoeverTakesOverItsTasks() throws {
    let log = try Broker.log(prefix: prefix)
    let (first, firstTracker) = try join(log, id: "first")
    #expect(first.author == nil)
    #expect(try first.poll(firstTracker) { firstTracker.tasks.count == 4 })
    let author = try #require(first.author)
    #expect(author.transactionalID == prefix + "first" && !author.memberID.isEmpty)
    #expect(
      first.commit(OutputBatch(), positions: [source: 7], notes: [source: try note(of: first)]).isCommitted)
    first.close(firstTracker)
    // As if it had died within its next transaction.
    let output = TopicPartition(.partnerPartials, 0)
    let open = try OpenTransaction(
      writing: "open", to: prefix + output.topic.name, id: author.transactionalID)
    try open.commit(8, of: prefix + source.topic.name, for: prefix + group)
    let (second, secondTracker) = try join(log, id: "second")
    let start = ContinuousClock.now
    #expect(try second.poll(secondTracker) { secondTracker.tasks.count == 4 })
    #expect(secondTracker.positions[source] == 7)
    // The brokers would end it after a minute.
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(try log.visibleEnds([output]) == log.ends([output]))
    #expect(second.commit(OutputBatch(), positions: [source: 9]).isCommitted)
    second.close(secondTracker)
    withExtendedLifetime(open) {}
  }

  /// Whoever is in the group goes on, however long another transaction takes.
  @Test func isNotEndedWhileItsMemberIsInTheGroup() throws {
    let log = try Broker.log(prefix: prefix)
    let (first, firstTracker) = try join(log, id: "first")
    #expect(try first.poll(firstTracker) { firstTracker.tasks.count == 4 })
    #expect(
      first.commit(OutputBatch(), positions: [source: 7], notes: [source: try note(of: first)]).isCommitted)
    let open = try OpenTransaction(writing: "open", to: prefix + Topic.partnerPartials.name)
    try open.commit(8, of: prefix + source.topic.name, for: prefix + group)
    let (second, secondTracker) = try join(log, id: "second")
    let ending = Worker {
      Thread.sleep(forTimeInterval: 3)
      try open.abort()
    }
    let start = ContinuousClock.now
    #expect(
      try first.poll(firstTracker, seconds: 30) {
        _ = try? second.poll(timeout: 10, secondTracker)
        return secondTracker.tasks.contains(1) && firstTracker.tasks.count == 2
      })
    try ending.join()
    #expect(ContinuousClock.now - start >= .seconds(2))
    let kept = try #require(firstTracker.tasks.min())
    #expect(
      first.commit(OutputBatch(), positions: [TopicPartition(.usageActions, kept): 1]).isCommitted)
    second.close(secondTracker)
    first.close(firstTracker)
  }
}
