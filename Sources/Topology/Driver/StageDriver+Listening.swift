import Contract
import EventLog

/// What the member tells its driver, from inside of a poll.
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
    if !passesOver { take(records) }
  }

  package func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    if !passesOver { noteEnd(of: partition, at: offset) }
  }

  package func nearedEnd(of partition: TopicPartition) {
    guard failure == nil, !mustRebuild, !passesOver else { return }
    machine.nearEnd(of: partition, now: now())
  }
}

/// What the listener's calls do. The simulator also does that at wrong moments, to show that it would notice.
extension StageDriver {
  /// Whether no record may be taken in now.
  var mustPassOver: Bool { machine.isFull || writing?.drain.isRest == false }

  /// Applies records, and commits in between if the tasks then hold too much; passes over the rest if that cannot be committed.
  /// A task traps if it is taken out in parts meanwhile.
  package func take(_ records: UnsafeBufferPointer<Record>) {
    var rest = records
    while !rest.isEmpty, failure == nil, !mustRebuild {
      do throws(LogError) {
        rest = UnsafeBufferPointer(rebasing: rest[try machine.receive(rest, now: now())...])
      } catch {
        failure = error
      }
      // What tasks hold is bounded, and so is a transaction, however much is refused of what one poll hands out.
      guard failure == nil, let member, machine.isFull else { continue }
      if now() >= retryingAt { writeAll(member, turns: false) }
      passesOver = mustPassOver
      if passesOver { return }
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
