import Contract
import Dashboard
import EventLog
import Foundation
import Platform
import SQLiteLog
import SnapshotView
import Testing

/// A board follows the generation that is served, and never shows anything that is older than what it showed.
@Suite(.timeLimit(.minutes(10))) final class PublicationBoardTests: Sendable {
  private let path = NSTemporaryDirectory() + "board-\(UUID().uuidString).db"
  private let board = PublicationBoard()
  private let stop = StopSignal()
  private let second = Generation.first.next

  init() throws {
    let log = try SQLiteLog(path: path)
    try log.createTopics(partitions: 1)
    try open(second).createTopics(Topic.outputs, partitions: 1)
  }

  deinit { stop.stop() }

  private func open(_ generation: Generation) throws(LogError) -> SQLiteLog {
    try SQLiteLog(path: path, generation: generation)
  }

  private func follow() {
    let thread = Thread { [board, path, stop] in
      try? board.follow(
        { (generation) throws(LogError) in try SQLiteLog(path: path, generation: generation) },
        until: stop)
    }
    thread.start()
  }

  /// Publishes that partner "a" has added so many customers.
  private func publish(_ customers: Int64, in generation: Generation) throws {
    var snapshot = TestSite.snapshot(1, of: 1)
    snapshot.components?[.customersAdded] = customers
    try write(.indicatorSnapshots, snapshot.key, snapshot.protobuf, to: try open(generation))
  }

  private func write(_ topic: Topic, _ key: String, _ value: [UInt8], to log: SQLiteLog) throws {
    let writer = try log.writer()
    try Array(key.utf8).withUnsafeBytes { key in
      try value.withUnsafeBytes { value in
        try writer.append(topic, partition: 0, key: key, value: value, timestamp: nil)
      }
    }
    try writer.flush()
  }

  private var shown: Int64? {
    let key = SnapshotKey(partnerID: "partner-1", cell: Cell(), month: "2026-11")
    return board.read { $0.snapshot(of: key)?.components?[.customersAdded] }
  }

  private func shows(_ customers: Int64) -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while shown != customers, .now < end { usleep(1_000) }
    return shown == customers
  }

  @Test func itFollowsASwitchAndBack() throws {
    try publish(1, in: .first)
    try publish(2, in: second)
    follow()
    #expect(shows(1))
    try open(.first).serve(second, computedBy: "app")
    #expect(shows(2))
    try publish(3, in: second)
    #expect(shows(3))
    try publish(4, in: .first)
    try open(.first).serve(.first, computedBy: "app")
    #expect(shows(4))
  }

  @Test func theServedOneIsShownFirst() throws {
    try publish(1, in: .first)
    try publish(2, in: second)
    try open(.first).serve(second, computedBy: "app")
    follow()
    #expect(shows(2))
  }

  /// The other one has not published an event that the shown one may have: until it has, nothing changes.
  @Test func itWaitsForWhatTheOtherHasNotPublished() throws {
    try publish(1, in: .first)
    follow()
    #expect(shows(1))
    let log = try open(second)
    try write(.partners, "p", [], to: log)
    try publish(0, in: second)
    try log.serve(second, computedBy: "app")
    let end = ContinuousClock.now + .milliseconds(500)
    while .now < end { try #require(shown == 1) }

    let group = GroupSpec(name: "app.2-entity", topics: Topic.inputs)
    let member = try log.join(group, as: MemberIdentity(transactionalID: "t"))
    let listener = Listener()
    while !listener.isAssigned { try member.poll(timeout: 20, listener) }
    try publish(2, in: second)
    let outcome = member.commit(OutputBatch(), positions: [TopicPartition(.partners, 0): 1])
    guard case .committed = outcome else { throw CommitFailure() }
    // Not what it held when it was switched to, but what it holds now.
    while shown == 1 { usleep(1_000) }
    #expect(shown == 2)
    member.close(listener)
  }

  private struct CommitFailure: Error {}

  private final class Listener: GroupListener {
    var isAssigned = false

    func assigned(_ tasks: [Int32]) -> Positions {
      isAssigned = true
      return [:]
    }
    func revoked(_ tasks: [Int32]) {}
    func lost(_ tasks: [Int32]) {}
    func received(_ records: UnsafeBufferPointer<Record>) {}
    func reachedEnd(of partition: TopicPartition, at offset: Int64) {}
  }
}
