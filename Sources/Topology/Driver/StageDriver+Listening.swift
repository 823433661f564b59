import Contract
import EventLog

/// Called by the member, during a poll.
extension StageDriver: GroupListener {
  package func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
    guard let member else { return [:] }
    return try take(on: tasks, member)
  }

  package func revoked(_ tasks: [Int32]) {
    if let member, failure == nil, !mustRebuild, machine.isAhead || writing != nil {
      writeAll(member, turns: false)
    }
    forget(tasks)
  }

  package func lost(_ tasks: [Int32]) {
    report(
      .warning,
      LogMessage(
        "\(group.name): lost tasks \(tasks) to other members",
        LogFields(group: group.name, task: tasks.count == 1 ? tasks[0] : nil)))
    forget(tasks)
  }

  package func received(_ records: UnsafeBufferPointer<Record>) {
    if !skipsRecords { take(records) }
  }

  package func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    if !skipsRecords { noteEnd(of: partition, at: offset) }
  }

  package func nearedEnd(of partition: TopicPartition) {
    guard failure == nil, !mustRebuild, !skipsRecords else { return }
    machine.nearEnd(of: partition, now: now())
  }
}

/// The implementation of the listener. The simulator also calls it at wrong moments, to prove that it detects such bugs.
extension StageDriver {
  /// Whether no record may be applied now.
  var mustSkipRecords: Bool { machine.isFull || writing?.drain.isLastPart == false }

  /// Applies records. Commits in between if the tasks hold too much pending output; if that fails, skips the remaining records,
  /// to be read again later. Traps if a task is in the middle of a drain.
  package func take(_ records: UnsafeBufferPointer<Record>) {
    var rest = records
    while !rest.isEmpty, failure == nil, !mustRebuild {
      do throws(LogError) {
        rest = UnsafeBufferPointer(rebasing: rest[try machine.receive(rest, now: now())...])
      } catch {
        failure = error
      }
      // Bounds memory and transactions even if a poll returns many refused events.
      guard failure == nil, let member, machine.isFull else { continue }
      if now() >= commitRetryAt { writeAll(member, turns: false) }
      skipsRecords = mustSkipRecords
      if skipsRecords { return }
    }
  }

  package func noteEnd(of partition: TopicPartition, at offset: Int64) {
    guard failure == nil, !mustRebuild else { return }
    do throws(LogError) {
      try machine.reachEnd(of: partition, at: offset, now: now())
    } catch {
      failure = error
    }
  }
}
