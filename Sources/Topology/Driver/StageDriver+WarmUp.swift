import Contract
import EventLog
import Indicators

/// A new member restores the tasks that it expects to get before it joins its group, while their owners continue. Once it owns
/// them, it only replays the records since. Other tasks that it gets are restored after the assignment.
extension StageDriver {
  struct WarmUp {
    /// The running restores, by task.
    fileprivate var requests: [Int32: RestoreRequest] = [:]
    /// Finished restores of tasks that are not assigned to this member yet.
    fileprivate var outcomes: [Int32: RestoreQueue<Task>.Outcome] = [:]
    /// When to join without the tasks that are still being restored; after joining, when to free those that were not assigned.
    fileprivate var end: Int64 = .min

    var tasksBeingRestored: [Int32] { requests.keys.sorted() }
  }

  /// Milliseconds to wait for restores before joining, and to keep restored tasks after it: long enough for two rebalances.
  private static var longestWarmUp: Int64 { 120_000 }
  private static var keepingTime: Int64 { 60_000 }

  /// Whether to wait before joining. The first call starts the warm-up.
  func isWarmingUp() -> Bool {
    if warmUp == nil { beginWarmUp() }
    guard var current = warmUp, !current.requests.isEmpty else { return false }
    for outcome in restores.take() where current.requests.removeValue(forKey: outcome.request.task) != nil {
      guard case .success = outcome.result else { continue }
      report(
        .info,
        LogMessage(
          "\(group.name): task \(outcome.request.task) is restored from \(outcome.progress.origin) before joining, in "
            + "\(Self.seconds(outcome.took)) s", LogFields(group: group.name, task: outcome.request.task)))
      current.outcomes[outcome.request.task] = outcome
    }
    if now() >= current.end {
      restores.cancel(Array(current.requests.keys))
      current.requests = [:]
    }
    if current.requests.isEmpty {
      current.end = now() + Self.keepingTime
    } else {
      pausedUntil = now() + 20
    }
    warmUp = current
    return !current.requests.isEmpty
  }

  private func beginWarmUp() {
    warmUp = WarmUp()
    guard Task.needsHistory else { return }
    do throws(LogError) {
      let tasks = try log.expectedTasks(of: group, as: identity, joining: joining)
      guard !tasks.isEmpty else { return }
      // Positions are queried after notes, so that they are never behind a checkpoint.
      let notes = try log.notes(tasks.map { TopicPartition(Task.stage.inputs[0], $0) }, of: group.name)
      let positions = try log.committed(tasks.flatMap(StageMachine<Task>.partitions), of: group.name)
      for (lead, text) in notes.sorted(by: { $0.key.partition < $1.key.partition }) {
        // Without a checkpoint, the whole input would have to be read.
        guard let checkpoint = try CommitNote(text, of: lead).checkpoint else { continue }
        lastRestoreNumber += 1
        let request = RestoreRequest(
          task: lead.partition, committed: positions.filter { $0.key.partition == lead.partition },
          checkpoint: checkpoint, number: lastRestoreNumber)
        warmUp?.requests[lead.partition] = request
        restores.add(request)
      }
      warmUp?.end = now() + Self.longestWarmUp
    } catch {
      // Joining will meet the same error, and handles it.
    }
  }

  /// The task as restored before joining, unless its state is ahead of the committed positions.
  func takeWarmedUp(_ request: RestoreRequest) -> RestoreQueue<Task>.Outcome? {
    guard let outcome = warmUp?.outcomes.removeValue(forKey: request.task),
      case .success(let checkpoint) = outcome.result,
      checkpoint.positions.allSatisfy({ $0.value <= request.committed[$0.key] ?? 0 })
    else { return nil }
    return outcome
  }

  /// Frees restored tasks that were not assigned in time.
  func endWarmUp() {
    guard let current = warmUp, !current.outcomes.isEmpty, now() >= current.end else { return }
    warmUp = WarmUp()
    restores.free(current.outcomes.values.compactMap { try? $0.result.get().task })
  }
}
