import Contract
import EventLog
import Randomness
import Synchronization

/// A log whose commits fail in every way that a commit can, and whose members come and go; everything else is the log's own.
final class FaultyLog: ForwardingLog {
  let log: any EventLog
  /// Out of 100 commits, how many fail.
  let percent: Int
  /// How many fail at the least: the first ones, where chance has not chosen as many.
  let least: Int
  private let random: Mutex<SplitMix64>
  private let faults = Mutex<[String: Int]>([:])

  init(_ log: any EventLog, seed: UInt64, percent: Int, least: Int) {
    self.log = log
    self.percent = percent
    self.least = least
    random = Mutex(SplitMix64(seed: seed))
  }

  /// How often each kind of fault struck.
  var counts: [String: Int] { faults.withLock { $0 } }

  /// A number below `bound`.
  func draw(_ bound: Int) -> Int { random.withLock { $0.below(bound) } }

  func isNextToFail() -> Bool { draw(100) < percent || counts.values.reduce(0, +) < least }

  func note(_ fault: String) { faults.withLock { $0[fault, default: 0] += 1 } }

  func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    FaultyMember(try log.join(group, as: identity), self)
  }
}

private final class FaultyMember: GroupMember {
  let member: any GroupMember
  let faults: FaultyLog

  init(_ member: any GroupMember, _ faults: FaultyLog) {
    self.member = member
    self.faults = faults
  }

  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError) {
    if faults.draw(1_000) == 0 {
      faults.note("poll")
      throw LogError(.retriable, code: "TEST", "a poll that failed")
    }
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
    func commit() -> CommitOutcome { member.commit(outputs, positions: positions, notes: notes) }
    guard faults.isNextToFail() else { return commit() }
    let error = LogError(.abortable, code: "TEST", "a commit that failed")
    switch faults.draw(5) {
    case 0:
      faults.note("aborted")
      return .aborted(error)
    case 1:
      faults.note("unknown, and not written")
      return .unknown(error)
    case 2:
      faults.note("unknown, but written")
      _ = commit()
      return .unknown(error)
    case 3:
      faults.note("fatal, and not written")
      return .fatal(error)
    default:
      faults.note("fatal, but written")
      _ = commit()
      return .fatal(error)
    }
  }
}
