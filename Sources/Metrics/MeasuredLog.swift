import Contract
import EventLog
import Glibc
import Platform

/// A log that measures what its group members do; everything else is forwarded unchanged.
package struct MeasuredLog: ForwardingLog {
  package let log: any EventLog
  private let metrics: GroupMetrics

  package init(_ log: any EventLog, _ metrics: GroupMetrics) {
    self.log = log
    self.metrics = metrics
  }

  package func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    MeasuredMember(try log.join(group, as: identity), group.name, metrics)
  }
}

/// A member whose commits and rebalances are measured, at no cost per record.
final class MeasuredMember: GroupMember {
  private let member: any GroupMember
  private let group: String
  private let metrics: GroupMetrics
  /// The earliest timestamp of a record since the last commit, in milliseconds since 1970 UTC: that of each batch's first
  /// record, since later ones of the same partition are not older.
  private var earliest: Int64?
  /// The number of its tasks.
  private var tasks = 0

  init(_ member: any GroupMember, _ group: String, _ metrics: GroupMetrics) {
    self.member = member
    self.group = group
    self.metrics = metrics
  }

  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError) {
    try member.poll(timeout: timeout, MeasuringListener(self, listener))
  }

  var isInGroup: Bool { member.isInGroup }

  var author: CommitAuthor? { member.author }

  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions {
    try member.committed(partitions)
  }

  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try member.beginnings(partitions)
  }

  func read(from positions: Positions) throws(LogError) {
    // Records that were read before may be read again.
    earliest = nil
    try member.read(from: positions)
  }

  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome {
    let start = ContinuousClock.now
    let outcome = member.commit(outputs, positions: positions, notes: notes)
    let duration = ContinuousClock.now - start
    // A commit of a checkpoint processes no record.
    if outputs.count(of: .taskCheckpoints) > 0 {
      metrics.wroteCheckpoint(group, outcome, bytes: outputs.byteCount)
      return outcome
    }
    let age = earliest.map { max(0, Double(Clock.now - $0) / 1000) }
    earliest = nil
    metrics.committed(
      group, outcome, after: duration, records: outputs.count, bytes: outputs.byteCount, oldestRecordAge: age)
    return outcome
  }

  func close(_ listener: any GroupListener) {
    member.close(MeasuringListener(self, listener))
    // A member that failed is not notified of what it loses.
    if tasks > 0 { rebalanced(.lost, tasks) }
  }

  private func rebalanced(_ what: GroupMetrics.Rebalance, _ count: Int) {
    tasks += what == .assigned ? count : -count
    metrics.rebalanced(group, what, count)
  }

  /// Measures the calls of the listener.
  private final class MeasuringListener: GroupListener {
    private let measured: MeasuredMember
    private let listener: any GroupListener

    init(_ measured: MeasuredMember, _ listener: any GroupListener) {
      self.measured = measured
      self.listener = listener
    }

    func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
      measured.rebalanced(.assigned, tasks.count)
      return try listener.assigned(tasks)
    }

    func revoked(_ tasks: [Int32]) {
      measured.rebalanced(.revoked, tasks.count)
      listener.revoked(tasks)
    }

    func lost(_ tasks: [Int32]) {
      measured.rebalanced(.lost, tasks.count)
      listener.lost(tasks)
    }

    func received(_ records: UnsafeBufferPointer<Record>) {
      if let time = records.first?.timestamp { measured.earliest = min(measured.earliest ?? time, time) }
      listener.received(records)
    }

    func reachedEnd(of partition: TopicPartition, at offset: Int64) {
      listener.reachedEnd(of: partition, at: offset)
    }

    func nearedEnd(of partition: TopicPartition) { listener.nearedEnd(of: partition) }
  }
}
