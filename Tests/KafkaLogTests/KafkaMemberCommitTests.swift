import Contract
import EventLog
import KafkaLog
import Testing

@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaMemberCommitTests {
  /// A member that has been assigned everything, with its tracker.
  private func join(
    _ log: KafkaLog, group: String = Broker.unique("g"), id: String = Broker.unique("x"),
    topics: [Topic] = [.usageActions], tasks: Int = 4
  ) throws -> (any GroupMember, Tracker) {
    let tracker = Tracker(topics)
    let member = try log.join(GroupSpec(name: group, topics: topics), as: MemberIdentity(transactionalID: id))
    tracker.member = member
    #expect(try member.poll(tracker) { tracker.tasks.count == tasks })
    return (member, tracker)
  }

  @Test func outputsAndPositionsBecomeVisibleTogether() throws {
    let log = try Broker.log()
    let group = Broker.unique("g")
    let (member, tracker) = try join(log, group: group)
    let source = TopicPartition(.usageActions, 1)
    #expect(try log.committed([source], of: group).isEmpty)
    var batch = outputs(["a"], to: .partnerPartials, partition: 2)
    batch.appendTombstone(.partnerPartials, partition: 2, key: Array("gone".utf8))
    batch.append(
      .rejectedEvents, partition: 0, key: [], value: [UInt8](), headers: [Header("reason", "bad".utf8)])
    #expect(member.commit(batch, positions: [source: 7]).isCommitted)
    #expect(try log.committed([source, TopicPartition(.usageActions, 0)], of: group) == [source: 7])
    #expect(try member.committed([source]).positions == [source: 7])
    let seen = try log.readAll([.partnerPartials, .rejectedEvents])
    #expect(seen.count == 3)
    #expect(seen.filter { $0.topic == .partnerPartials }.map(\.value) == [Array("a".utf8), nil])
    #expect(seen.first { $0.topic == .rejectedEvents }?.value == [])
    member.close(tracker)
  }

  /// Brokers answer a commit before the partitions are marked.
  @Test func whatIsCommittedIsNotMissedByAReaderMadeAfterwards() throws {
    let log = try Broker.log()
    let (member, tracker) = try join(log)
    for number in 1...30 {
      let batch = outputs(["\(number)"], to: .partnerPartials, partition: 0)
      let position = [TopicPartition(.usageActions, 0): Int64(number)]
      #expect(member.commit(batch, positions: position).isCommitted)
      let seen = try log.readAll([.partnerPartials])
      #expect(seen.map(\.text) == (1...number).map(String.init))
    }
    member.close(tracker)
  }

  @Test func commitOfPositionsOnly() throws {
    let log = try Broker.log()
    let group = Broker.unique("g")
    let (member, tracker) = try join(log, group: group)
    #expect(member.commit(OutputBatch(), positions: [TopicPartition(.usageActions, 3): 11]).isCommitted)
    #expect(try log.committed([TopicPartition(.usageActions, 3)], of: group).values.first == 11)
    member.close(tracker)
  }

  @Test func commitWithoutPositionOrForForeignTaskIsRefused() throws {
    let log = try Broker.log()
    let (member, tracker) = try join(log)
    let batch = outputs(["a"], to: .partnerPartials, partition: 0)
    #expect(member.commit(batch, positions: [:]).isAborted)
    #expect(member.commit(batch, positions: [TopicPartition(.usageActions, 9): 1]).isAborted)
    #expect(member.commit(OutputBatch(), positions: [:]).isCommitted)
    #expect(try log.readAll([.partnerPartials]).isEmpty)
    member.close(tracker)
  }

  @Test func recordTooLargeAbortsAndLeavesNothing() throws {
    let log = try Broker.log()
    let group = Broker.unique("g")
    let (member, tracker) = try join(log, group: group)
    let source = TopicPartition(.usageActions, 0)
    var batch = outputs((0..<100).map(String.init), to: .partnerPartials, partition: 0)
    batch.append(.partnerPartials, partition: 1, key: [1], value: [UInt8](repeating: 7, count: 4_000_000))
    let outcome = member.commit(batch, positions: [source: 5])
    guard case .aborted(let error) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(error.code == "MSG_SIZE_TOO_LARGE")
    #expect(error.kind == .unusable)
    // Nothing of it is there, and the member goes on.
    #expect(try log.readAll([.partnerPartials]).isEmpty)
    #expect(try log.committed([source], of: group).isEmpty)
    let next = outputs(["b"], to: .partnerPartials, partition: 0)
    #expect(member.commit(next, positions: [source: 6]).isCommitted)
    let seen = try log.readAll([.partnerPartials])
    #expect(seen.map(\.text) == ["b"])
    member.close(tracker)
  }

  // Holds REL-22.
  @Test func secondMemberWithTheSameTransactionalIDFencesTheFirst() throws {
    let log = try Broker.log()
    let group = Broker.unique("g")
    let id = Broker.unique("x")
    let (first, tracker) = try join(log, group: group, id: id)
    let second = try log.join(
      GroupSpec(name: group, topics: [.usageActions]), as: MemberIdentity(transactionalID: id))
    let batch = outputs(["zombie"], to: .partnerPartials, partition: 0)
    let position: Positions = [TopicPartition(.usageActions, 0): 3]
    #expect(first.commit(batch, positions: position).fatalCode == "_FENCED")
    #expect(first.commit(batch, positions: position).fatalCode == "_FENCED")
    #expect(try log.readAll([.partnerPartials]).isEmpty)
    #expect(try log.committed(Array(position.keys), of: group).isEmpty)
    first.close(tracker)
    second.close(Tracker([.usageActions]))
  }

  @Test func ownerOfFormerGenerationCannotCommit() throws {
    let log = try Broker.log(properties: [
      ("session.timeout.ms", "6000"), ("max.poll.interval.ms", "6000"), ("heartbeat.interval.ms", "500"),
    ])
    let group = Broker.unique("g")
    let (first, firstTracker) = try join(log, group: group)
    let (second, secondTracker) = try { () -> (any GroupMember, Tracker) in
      let tracker = Tracker([.usageActions])
      let member = try log.join(
        GroupSpec(name: group, topics: [.usageActions]),
        as: MemberIdentity(transactionalID: Broker.unique("x")))
      tracker.member = member
      // The first member does not poll, so it is thrown out and the second one gets everything.
      #expect(try member.poll(tracker, seconds: 90) { tracker.tasks.count == 4 })
      return (member, tracker)
    }()
    let position: Positions = [TopicPartition(.usageActions, 0): 3]
    let outcome = first.commit(outputs(["zombie"], to: .partnerPartials, partition: 0), positions: position)
    #expect(outcome.isAborted, "\(outcome)")
    #expect(try log.readAll([.partnerPartials]).isEmpty)
    let mine = outputs(["owner"], to: .partnerPartials, partition: 0)
    #expect(second.commit(mine, positions: position).isCommitted)
    // It hears of the loss at its next poll, of all tasks, although a rebalance had begun before it was
    // thrown out.
    let error = #expect(throws: LogError.self) { try first.poll(firstTracker, seconds: 2) { false } }
    #expect(error?.kind == .fatal)
    #expect(firstTracker.lostTasks.sorted() == [0, 1, 2, 3])
    second.close(secondTracker)
    first.close(firstTracker)
  }

  @Test func closeRevokesAndALastCommitCounts() throws {
    let log = try Broker.log()
    let group = Broker.unique("g")
    let (member, tracker) = try join(log, group: group)
    var outcome: CommitOutcome?
    tracker.onRevoked = { [unowned member] tasks in
      #expect(tasks.sorted() == [0, 1, 2, 3])
      outcome = member.commit(OutputBatch(), positions: [TopicPartition(.usageActions, 2): 9])
    }
    member.close(tracker)
    #expect(outcome?.isCommitted == true, "\(String(describing: outcome))")
    #expect(try log.committed([TopicPartition(.usageActions, 2)], of: group).values.first == 9)
  }
}
