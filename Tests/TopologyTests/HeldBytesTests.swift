import Contract
import EventLog
import Foundation
import Indicators
import SQLiteLog
import Synchronization
import Testing
import Topology

/// However much is refused at once, a commit holds a bounded part of it, and all of it is written once.
@Suite struct HeldBytesTests {
  private let catalog: Catalog

  init() throws {
    catalog = try Catalog(reportingCurrency: "EUR", excludedPartnerCountries: [], products: [])
  }

  private static let valueSize = 10_000
  private static let events = 500

  private func makeLog(_ path: String) throws -> SQLiteLog {
    var options = SQLiteLog.Options()
    options.durability = .processEnd
    let log = try SQLiteLog(path: path + "/log.db", options: options)
    try log.createTopics(partitions: 2)
    let writer = try log.writer()
    for number in 0..<Self.events {
      let junk = Array("\(number) ".utf8) + [UInt8](repeating: 0xff, count: Self.valueSize)
      try junk.withUnsafeBytes {
        try writer.append(
          .customers, partition: Int32(number % 2), key: nil, value: $0, timestamp: Int64(number))
      }
    }
    try writer.flush()
    return log
  }

  /// What was read of `rejected-events`: the number that each value begins with.
  private func refused(in log: SQLiteLog) throws -> [Int: Int] {
    var seen: [Int: Int] = [:]
    let reader = try log.reader([.rejectedEvents])
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = try reader.poll(timeout: 100) { records in
        for record in records {
          let number = record.value?.prefix { $0 != UInt8(ascii: " ") } ?? []
          seen[Int(String(decoding: number, as: UTF8.self)) ?? -1, default: 0] += 1
          #expect(record.key == nil && (record.value?.count ?? 0) > Self.valueSize)
        }
      }
    }
    return seen
  }

  // Holds REL-14.
  @Test(arguments: [false, true]) func commitsFallInTheMiddleOfWhatOnePollHandsOut(fails: Bool) throws {
    try withTemporaryDirectory { path in
      let log = try makeLog(path)
      let spy = SpyLog(log, failing: fails ? [2, 5] : [])
      var options = AggregatorOptions()
      options.policy.maxHeldBytes = 100_000
      options.checkpointInterval = 0
      try Aggregator(
        log: spy, catalog: catalog, state: try StateDirectory(path: path + "/state"), options: options,
        report: { _, _ in }
      ).run(untilEnd: true)
      #expect(try refused(in: log) == Dictionary(uniqueKeysWithValues: (0..<Self.events).map { ($0, 1) }))
      // What is held, and as much as is taken in before that is looked at.
      #expect(spy.largestCommit > 100_000 && spy.largestCommit < 250_000)
      #expect(spy.commits > Self.events * Self.valueSize / 250_000)
    }
  }
}

/// A log that notes how large commits are, and of which some fail.
private final class SpyLog: ForwardingLog {
  let log: any EventLog
  private let failing: Set<Int>
  private let sizes = Mutex<[Int]>([])

  init(_ log: any EventLog, failing: Set<Int>) {
    self.log = log
    self.failing = failing
  }

  var largestCommit: Int { sizes.withLock { $0.max() ?? 0 } }
  var commits: Int { sizes.withLock { $0.count } }

  /// Notes the size of a commit with outputs; returns whether it is to fail.
  fileprivate func note(_ size: Int) -> Bool {
    sizes.withLock {
      if size > 0 { $0.append(size) }
      return size > 0 && failing.contains($0.count)
    }
  }

  func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    SpyMember(try log.join(group, as: identity), self)
  }
}

private final class SpyMember: GroupMember {
  private let member: any GroupMember
  private let spy: SpyLog

  init(_ member: any GroupMember, _ spy: SpyLog) {
    self.member = member
    self.spy = spy
  }

  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError) {
    try member.poll(timeout: timeout, listener)
  }
  var isInGroup: Bool { member.isInGroup }
  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions {
    try member.committed(partitions)
  }
  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try member.beginnings(partitions)
  }
  func read(from positions: Positions) throws(LogError) { try member.read(from: positions) }
  func close(_ listener: any GroupListener) { member.close(listener) }
  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome {
    if spy.note(outputs.byteCount) {
      return .aborted(LogError(.abortable, code: "TEST", "a commit that failed"))
    }
    return member.commit(outputs, positions: positions, notes: notes)
  }
}
