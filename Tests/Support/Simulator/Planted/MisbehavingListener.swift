import Contract
import EventLog

/// Stands between a member and its driver, and passes on what happens in a wrong way.
final class MisbehavingListener: GroupListener {
  private let driver: any MisledDriver
  private let member: any GroupMember
  private let misbehavior: Misbehavior
  private let isClosing: Bool

  init(
    _ driver: any MisledDriver, _ member: any GroupMember, _ misbehavior: Misbehavior, isClosing: Bool = false
  ) {
    self.driver = driver
    self.member = member
    self.misbehavior = misbehavior
    self.isClosing = isClosing
  }

  func assigned(_ tasks: [Int32]) throws(LogError) -> Positions { try driver.assigned(tasks) }

  func revoked(_ tasks: [Int32]) {
    if misbehavior.contains(.commitsAfterRevocation), !isClosing { return }
    driver.revoked(tasks)
  }

  func lost(_ tasks: [Int32]) {
    if misbehavior.contains(.commitsLostTasks) { driver.revoked(tasks) }
    driver.lost(tasks)
  }

  func received(_ records: UnsafeBufferPointer<Record>) {
    if misbehavior.contains(.takesRecordsTwice) { applyAgain(records) }
    if misbehavior.contains(.commitsInsideCompletion), !driver.completingTasks.isEmpty {
      return commitInside(records)
    }
    if misbehavior.contains(.takesRecordsWhilePassingOver), !driver.isTakenOutInParts {
      return driver.take(records)
    }
    driver.received(records)
  }

  private func applyAgain(_ records: UnsafeBufferPointer<Record>) {
    for index in records.indices
    where records[index].offset < driver.readPosition(of: records[index].topicPartition) ?? 0 {
      driver.apply(UnsafeBufferPointer(rebasing: records[index...index]))
    }
  }

  private func commitInside(_ records: UnsafeBufferPointer<Record>) {
    for index in records.indices {
      driver.received(UnsafeBufferPointer(rebasing: records[index...index]))
      if driver.isFull { driver.writeAll(member, turns: false) }
    }
  }

  func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    if misbehavior.contains(.takesPositionsWhilePassingOver) {
      driver.noteEnd(of: partition, at: offset)
    } else {
      driver.reachedEnd(of: partition, at: offset)
    }
  }

  func nearedEnd(of partition: TopicPartition) { driver.nearedEnd(of: partition) }
}
