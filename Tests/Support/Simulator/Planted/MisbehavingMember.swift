import Contract
import EventLog
import Topology

/// A member that breaks rules, or makes its driver do so.
final class MisbehavingMember: GroupMember {
  private let member: any GroupMember
  private let log: any EventLog
  private let misbehavior: Misbehavior
  private weak var driver: (any MisledDriver)?
  private var isCommitting = false
  /// Tasks that are restored after an unknown outcome, and are to be rewound.
  private var dropped: Set<Int32> = []

  init(_ member: any GroupMember, of log: any EventLog, _ misbehavior: Misbehavior) {
    self.member = member
    self.log = log
    self.misbehavior = misbehavior
  }

  var isInGroup: Bool { member.isInGroup }

  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError) {
    guard let driver = listener as? any MisledDriver else {
      return try member.poll(timeout: timeout, listener)
    }
    self.driver = driver
    if misbehavior.contains(.checkpointsUncommitted) { driver.completeCheckpoint(self) }
    try member.poll(timeout: timeout, MisbehavingListener(driver, self, misbehavior))
  }

  func close(_ listener: any GroupListener) {
    guard let driver = listener as? any MisledDriver else { return member.close(listener) }
    member.close(MisbehavingListener(driver, self, misbehavior, isClosing: true))
  }

  // MARK: Reading

  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions {
    var committed = try member.committed(partitions)
    if misbehavior.contains(.publishesWhileRestoring) { committed.positions = [:] }
    committed.notes = committed.notes.edited { note, _ in
      if misbehavior.contains(.leavesDrainsIncomplete) { note.spoken = [] }
      if misbehavior.contains(.leavesTurnsUnfinished) { note.turningFrom = nil }
    }
    return committed
  }

  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try member.beginnings(partitions)
  }

  func read(from positions: Positions) throws(LogError) {
    var positions = positions
    if misbehavior.contains(.rebuildsWithoutRewind) {
      let tasks = dropped.intersection(positions.keys.map(\.partition))
      positions = positions.filter { !tasks.contains($0.key.partition) }
      dropped.subtract(tasks)
    }
    if misbehavior.contains(.readsWhilePublishingAgain) { try readAhead(from: positions) }
    try member.read(from: positions)
  }

  private func readAhead(from positions: Positions) throws(LogError) {
    guard let driver else { return }
    let tasks = driver.publishAgain(among: positions.keys.map(\.partition))
    guard !tasks.isEmpty else { return }
    let reader = try log.reader(from: positions.filter { tasks.contains($0.key.partition) })
    try reader.poll(timeout: 0) { records in
      for index in records.indices { driver.apply(UnsafeBufferPointer(rebasing: records[index...index])) }
    }
  }

  // MARK: Committing

  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome {
    guard outputs.count(of: .taskCheckpoints) == 0, let driver, let drained = driver.drained else {
      return member.commit(outputs, positions: positions, notes: edited(notes, publishingAgain: []))
    }
    let isLast = !notes.reflectMore
    if misbehavior.contains(.repairsUnannounced), outputs.isEmpty, !isLast, !drained.publishingAgain.isEmpty {
      return .committed
    }
    var (outputs, positions) = (outputs, positions)
    if misbehavior.contains(.processesDuringCommit), !isCommitting {
      isCommitting = true
      try? poll(timeout: 0, driver)
      isCommitting = false
      if isLast {
        for (partition, position) in positions {
          positions[partition] = driver.readPosition(of: partition) ?? position
        }
      }
    }
    if misbehavior.contains(.writesOnceTwice) { driver.addRefused(to: &outputs) }
    if misbehavior.contains(.commitsPositionsEarly) { positions = drained.positions }
    if misbehavior.contains(.commitsWithoutPositions) { positions = [:] }
    let outcome = member.commit(
      outputs, positions: positions, notes: edited(notes, publishingAgain: drained.publishingAgain))
    if case .unknown = outcome { dropped.formUnion(driver.taskNumbers) }
    return misread(outcome)
  }

  private func edited(
    _ notes: [TopicPartition: String], publishingAgain: [Int32]
  ) -> [TopicPartition: String] {
    notes.edited { note, partition in
      if misbehavior.contains(.concealsWhatIsSpoken) { note.spoken = [] }
      if misbehavior.contains(.concealsTurns) { note.turningFrom = nil }
      if misbehavior.contains(.countsRepairsEarly), publishingAgain.contains(partition.partition) {
        note.repaired = note.losses
      }
    }
  }

  private func misread(_ outcome: CommitOutcome) -> CommitOutcome {
    switch outcome {
    case .aborted where misbehavior.contains(.keepsStateAfterFailure),
      .unknown where misbehavior.contains(.trustsUnknownOutcome):
      .committed
    case .fatal(let error) where misbehavior.contains(.keepsMemberAfterFatal): .aborted(error)
    default: outcome
    }
  }
}
