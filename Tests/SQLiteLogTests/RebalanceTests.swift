import Contract
import EventLog
import Foundation
import SQLiteLog
import Synchronization
import Testing

@Suite struct RebalanceTests {
  let directory: TemporaryDirectory
  let log: SQLiteLog

  init() throws {
    directory = try TemporaryDirectory()
    log = try directory.log(partitions: 6)
  }

  @Test func onlyTasksThatMoveAreRevokedAndACommitInTheCallCounts() throws {
    for partition in 0..<6 as Range<Int32> { try log.write(.customers, partition, ["a", "b"]) }
    let (first, one) = try log.member("g", [.customers], id: "1")
    try first.poll(timeout: 0, one)
    #expect(one.log == ["assigned [0, 1, 2, 3, 4, 5]"])
    let (second, two) = try log.member("g", [.customers], id: "2")
    try second.poll(timeout: 0, two)
    #expect(two.log == [])
    one.whenRevoked = { revoked in
      let positions = revoked.map { (TopicPartition(.customers, $0), Int64(1)) }
      #expect(
        isCommitted(first.commit(OutputBatch(), positions: Dictionary(uniqueKeysWithValues: positions))))
      // Not before this call returns.
      #expect(throws: Never.self) { try second.poll(timeout: 0, two) }
      #expect(two.log == [])
    }
    try first.poll(timeout: 0, one)
    try second.poll(timeout: 0, two)
    #expect(one.tasks.count == 3 && two.tasks.count == 3)
    #expect(one.tasks.isDisjoint(with: two.tasks))
    #expect(one.log.count == 2 && two.log.count == 1)
    #expect(two.records.map(\.value) == ["b", "b", "b"])

    let revoked: Positions = [TopicPartition(.customers, try #require(two.tasks.first)): 0]
    guard case .aborted = first.commit(OutputBatch(), positions: revoked) else {
      Issue.record("a task that is gone must not be committed")
      return
    }
    second.close(two)
    #expect(two.tasks.isEmpty)
    try first.poll(timeout: 0, one)
    #expect(one.tasks.count == 6)
    #expect(one.log.count == 3)
  }

  @Test func closingRevokesAndALastCommitCounts() throws {
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    var outcome: Bool?
    recorder.whenRevoked = { _ in
      outcome = isCommitted(member.commit(OutputBatch(), positions: [TopicPartition(.customers, 5): 0]))
    }
    member.close(recorder)
    #expect(outcome == true)
    #expect(recorder.log.last == "revoked [0, 1, 2, 3, 4, 5]")
    #expect(try log.committed([TopicPartition(.customers, 5)], of: "g").count == 1)
    member.close(recorder)
    #expect(recorder.log.count == 2)
    let error = #expect(throws: LogError.self) { try member.poll(timeout: 0, recorder) }
    #expect(error?.kind == .fatal)
    guard case .fatal = member.commit(OutputBatch(), positions: [:]) else {
      Issue.record("a closed member must not commit")
      return
    }
  }

  @Test func aMemberThatNeverHadATaskClosesQuietly() throws {
    let (member, recorder) = try log.member("g", [.customers])
    member.close(recorder)
    #expect(recorder.log == [])
  }

  // Holds REL-22.
  @Test func aMemberWithTheSameIdFencesItsFormerSelf() throws {
    let (former, old) = try log.member("g", [.customers], id: "same")
    try former.poll(timeout: 0, old)
    let (current, new) = try log.member("g", [.customers], id: "same")
    try current.poll(timeout: 0, new)
    #expect(new.tasks.count == 6)
    guard case .fatal(let error) = former.commit(OutputBatch(), positions: [TopicPartition(.customers, 0): 0])
    else {
      Issue.record("a fenced member must not commit")
      return
    }
    #expect(error.code == "FENCED")
    #expect(throws: LogError.self) { try former.poll(timeout: 0, old) }
    former.close(old)
    #expect(old.log.last == "lost [0, 1, 2, 3, 4, 5]")
    #expect(isCommitted(current.commit(OutputBatch(), positions: [TopicPartition(.customers, 0): 0])))
  }

  @Test func anAssignmentThatFailsComesAgain() throws {
    final class Failing: GroupListener {
      var calls = 0
      func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
        calls += 1
        if calls == 1 { throw LogError(.retriable, code: "TEST", "not now") }
        return [:]
      }
      func revoked(_ tasks: [Int32]) {}
      func lost(_ tasks: [Int32]) {}
      func received(_ records: UnsafeBufferPointer<Record>) {}
      func reachedEnd(of partition: TopicPartition, at offset: Int64) {}
    }
    let (member, _) = try log.member("g", [.customers])
    let listener = Failing()
    #expect(throws: LogError.self) { try member.poll(timeout: 0, listener) }
    try member.poll(timeout: 0, listener)
    #expect(listener.calls == 2)
  }

  @Test func membersOfAGroupReadTheSameTopics() throws {
    let (member, _) = try log.member("g", [.customers], id: "1")
    let error = #expect(throws: LogError.self) { try log.member("g", [.partners], id: "2") }
    #expect(error?.kind == .unusable)
    withExtendedLifetime(member) {}
  }

  /// Three threads join, work, leave and come back while a fourth writes: each record is answered exactly once.
  // Holds REL-23.
  @Test func everyRecordIsAnsweredOnceWhileMembersComeAndGo() throws {
    let total = 3_000
    let owners = Mutex<[Int32: Int]>([:])
    let answered = Atomic<Int>(0)
    try withThreads { threads in
      threads.start { [log] in
        let writer = try log.writer()
        for number in 0..<total {
          try writer.append(.customers, Int32(number % 6), "k", "\(number)")
          if number % 100 == 99 { try writer.flush() }
        }
      }
      for worker in 0..<3 {
        threads.start { [log] in
          while answered.load(ordering: .sequentiallyConsistent) < total {
            let spec = GroupSpec(name: "g", topics: [.customers])
            let member = try log.join(spec, as: MemberIdentity(transactionalID: "\(worker)"))
            let answering = Answering(member) { tasks, isTaken in
              owners.withLock { owners in
                for task in tasks {
                  #expect(owners[task] == (isTaken ? nil : worker))
                  owners[task] = isTaken ? worker : nil
                }
              }
            }
            for _ in 0..<20 {
              try member.poll(timeout: 5, answering)
              answering.commit()
              answered.add(answering.takeAnswered(), ordering: .sequentiallyConsistent)
            }
            member.close(answering)
            answered.add(answering.takeAnswered(), ordering: .sequentiallyConsistent)
          }
        }
      }
    }
    let values = try log.contents([.rejectedEvents]).compactMap { $0.value.flatMap { Int($0) } }
    #expect(values.sorted() == Array(0..<total))
  }

  private func withThreads(_ body: (Threads) throws -> Void) throws {
    let threads = Threads()
    try body(threads)
    #expect(threads.join() == [])
  }
}

/// Answers every record with one output; commits when told to and when tasks go.
private final class Answering: GroupListener {
  private let member: any GroupMember
  private let owns: ([Int32], Bool) -> Void
  private var outputs = OutputBatch()
  private var positions: Positions = [:]
  private var answered = 0

  init(_ member: any GroupMember, owns: @escaping ([Int32], Bool) -> Void) {
    self.member = member
    self.owns = owns
  }

  func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
    owns(tasks, true)
    let partitions = tasks.map { TopicPartition(.customers, $0) }
    return try member.beginnings(partitions).merging(member.committed(partitions).positions) { $1 }
  }

  func revoked(_ tasks: [Int32]) {
    commit()
    owns(tasks, false)
  }

  func lost(_ tasks: [Int32]) { Issue.record("nothing is ever lost") }

  func received(_ records: UnsafeBufferPointer<Record>) {
    for record in records {
      outputs.append(
        .rejectedEvents, partition: record.partition, key: [UInt8](), value: record.value.map(Array.init))
      positions[record.topicPartition] = record.offset + 1
    }
  }

  func reachedEnd(of partition: TopicPartition, at offset: Int64) {}

  func commit() {
    #expect(isCommitted(member.commit(outputs, positions: positions)))
    answered += outputs.count
    outputs.removeAll()
    positions = [:]
  }

  /// How many records have been answered since the last call.
  func takeAnswered() -> Int {
    defer { answered = 0 }
    return answered
  }
}
