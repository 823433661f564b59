import Contract
import EventLog
import Foundation
import KafkaLog
import Randomness
import Synchronization
import Testing

@Suite(.enabled(if: Broker.address != nil), .timeLimit(.minutes(10)))
struct KafkaRebalanceTests {
  /// Copies while members come and go; each record must arrive once, in order.
  // Holds REL-23.
  @Test(arguments: ["cooperative-sticky", "range"])
  func copyIsExactlyOnceWhileMembersComeAndGo(assignor: String) throws {
    let partitions: Int32 = 6
    let rounds = 20
    let perRound = 5_000
    let log = try Broker.log(
      partitions: partitions,
      properties: [("partition.assignment.strategy", assignor), ("heartbeat.interval.ms", "100")])
    let group = GroupSpec(name: Broker.unique("g"), topics: [.usageActions, .subscriptions])
    let ownership = Ownership()

    func start(_ name: String) -> (Worker, Flag) {
      let stop = Flag()
      let worker = Worker {
        let member = try log.join(group, as: MemberIdentity(transactionalID: "\(group.name)-\(name)"))
        try Copier(name, member, from: .usageActions, to: .partnerPartials, ownership: ownership).run(
          until: stop)
      }
      return (worker, stop)
    }
    let (steady, stopSteady) = start("a")
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    var written = 0
    let writer = try log.writer()
    func write() throws {
      for _ in 0..<perRound {
        let bytes = Array(String(written / Int(partitions)).utf8)
        try bytes.withUnsafeBytes {
          try writer.append(
            .usageActions, partition: Int32(written % Int(partitions)), key: $0, value: $0, timestamp: nil)
        }
        written += 1
      }
      try writer.flush()
    }
    for round in 0..<rounds {
      let (worker, stop) = start("b\(round)")
      try write()
      // Most leave as owners, some while they join.
      let deadline = ContinuousClock.now + .seconds(20)
      while round % 4 > 0, ContinuousClock.now < deadline,
        !ownership.state.withLock({ $0.owners.values.contains("b\(round)") })
      {
        usleep(5_000)
      }
      usleep(.random(in: 0..<200_000, using: &generator))
      stop.raise()
      try worker.join()
    }
    let partials = (0..<partitions).map { TopicPartition(.usageActions, $0) }
    let ends = try log.ends(partials)
    let deadline = ContinuousClock.now + .seconds(60)
    while try log.committed(partials, of: group.name) != ends, ContinuousClock.now < deadline {
      usleep(50_000)
    }
    stopSteady.raise()
    try steady.join()

    ownership.state.withLock { state in
      #expect(state.conflicts.isEmpty)
      #expect(state.lost == 0)
      #expect(state.owners.isEmpty)
      #expect(state.rebalances >= rounds * 3 / 4)
      // Before 2.10 librdkafka may miss a new generation while a callback waits for the member to poll.
      #expect(
        state.failedCommits.filter { !$0.contains("aborted") || !$0.contains("ILLEGAL_GENERATION") } == [])
    }
    var copies: [Int32: [Int]] = [:]
    for record in try log.readAll([.partnerPartials]) {
      copies[record.partition, default: []].append(Int(record.text) ?? -1)
    }
    for partition in 0..<partitions {
      let expected = Array(stride(from: Int(partition), to: written, by: Int(partitions))).map {
        $0 / Int(partitions)
      }
      #expect(copies[partition] == expected, "partition \(partition), seed \(seed)")
    }
  }

  @Test func tasksOfAllTopicsGoTogether() throws {
    let log = try Broker.log(properties: [("heartbeat.interval.ms", "100")])
    let topics: [Topic] = [.usageActions, .subscriptions, .customers]
    for topic in topics {
      for partition in Int32(0)..<4 {
        try log.append(["\(topic) \(partition)"], to: topic, partition: partition)
      }
    }
    let group = GroupSpec(name: Broker.unique("g"), topics: topics)
    let trackers = [Tracker(topics), Tracker(topics)]
    let members = try trackers.enumerated().map { index, tracker in
      let member = try log.join(group, as: MemberIdentity(transactionalID: "\(group.name)-\(index)"))
      tracker.member = member
      return member
    }
    #expect(
      try members[0].poll(trackers[0]) {
        try? members[1].poll(timeout: 20, trackers[1])
        return trackers.allSatisfy { $0.tasks.count == 2 }
          && trackers[0].tasks.isDisjoint(with: trackers[1].tasks)
          && trackers.allSatisfy { tracker in
            topics.allSatisfy { topic in
              tracker.tasks.allSatisfy { task in
                tracker.records.contains { $0.topic == topic && $0.partition == task }
              }
            }
          }
      })
    for (member, tracker) in zip(members, trackers) { member.close(tracker) }
  }

  @Test func restartOfStaticMemberMovesNothing() throws {
    let log = try Broker.log(properties: [("heartbeat.interval.ms", "100")])
    let group = GroupSpec(name: Broker.unique("g"), topics: [.usageActions])
    func join(_ index: Int) throws -> (any GroupMember, Tracker) { try joinAsStatic(index, group, log) }
    let (stays, staysTracker) = try join(0)
    #expect(try stays.poll(staysTracker) { staysTracker.tasks.count == 4 })
    let (leaves, leavesTracker) = try join(1)
    #expect(
      try stays.poll(staysTracker) {
        try? leaves.poll(timeout: 20, leavesTracker)
        return staysTracker.tasks.count == 2 && leavesTracker.tasks.count == 2
      })
    let before = (staysTracker.assignments, staysTracker.tasks, leavesTracker.tasks)
    leaves.close(leavesTracker)
    let (again, againTracker) = try join(1)
    #expect(
      try again.poll(againTracker) {
        try? stays.poll(timeout: 20, staysTracker)
        return againTracker.tasks.count == 2
      })
    #expect(againTracker.tasks == before.2)
    #expect(staysTracker.tasks == before.1)
    #expect(staysTracker.assignments == before.0)
    again.close(againTracker)
    stays.close(staysTracker)
  }

  /// A static member is killed after it was told to give tasks up and before it asked for them to be given away.
  // Holds REL-25.
  @Test func tasksOfAStaticMemberThatDiedInARebalanceFindAnOwner() throws {
    let log = try Broker.log(properties: [("heartbeat.interval.ms", "100")])
    let group = GroupSpec(name: Broker.unique("g"), topics: [.usageActions])
    let (former, formerTracker) = try joinAsStatic(0, group, log)
    #expect(try former.poll(formerTracker) { formerTracker.tasks.count == 4 })
    let (other, otherTracker) = try joinAsStatic(1, group, log)
    // The former member's library goes on by itself, up to the revocation, of which the member never hears.
    try other.poll(otherTracker, seconds: 5) { false }
    let (again, againTracker) = try joinAsStatic(0, group, log)
    func owned() -> Set<Int32> { otherTracker.tasks.union(againTracker.tasks) }
    #expect(try again.poll(againTracker) { !againTracker.tasks.isEmpty })
    #expect(owned().count == 2)
    #expect(
      try other.poll(otherTracker, seconds: 60) {
        try? again.poll(timeout: 20, againTracker)
        return owned().count == 4
      })
    #expect(otherTracker.tasks.isDisjoint(with: againTracker.tasks))
    again.close(againTracker)
    other.close(otherTracker)
    former.close(formerTracker)
  }
}

private func joinAsStatic(
  _ index: Int, _ group: GroupSpec, _ log: KafkaLog
) throws -> (any GroupMember, Tracker) {
  let tracker = Tracker(group.topics)
  let member = try log.join(
    group, as: MemberIdentity(transactionalID: "\(group.name)-\(index)", instanceID: "i\(index)"))
  tracker.member = member
  return (member, tracker)
}
