import Contract
import EventLog
import Indicators

/// A new member restores the tasks that it expects before it joins its group, while their owners go on. Once it owns them it only
/// has to read what came since. If others are assigned to it, they are restored then.
extension StageDriver {
  struct WarmUp {
    /// What is being restored, by task.
    fileprivate var requests: [Int32: RestoreRequest] = [:]
    /// What is restored, and has no owner in this process yet.
    fileprivate var outcomes: [Int32: RestoreQueue<Task>.Outcome] = [:]
    /// When to go on without what is not there yet.
    fileprivate var end: Int64 = .min

    var tasksBeingRestored: [Int32] { requests.keys.sorted() }
  }

  /// Milliseconds to wait for tasks before joining, and to keep them after it: two rebalances take a few seconds.
  private static var longestWarmUp: Int64 { 120_000 }
  private static var keepingTime: Int64 { 60_000 }

  /// Whether to wait before joining. Begins the warm-up with the first call.
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
      restingUntil = now() + 20
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
      // Positions after notes: so they are never behind a checkpoint.
      let notes = try log.notes(tasks.map { TopicPartition(Task.stage.inputs[0], $0) }, of: group.name)
      let positions = try log.committed(tasks.flatMap(StageMachine<Task>.partitions), of: group.name)
      for (lead, text) in notes.sorted(by: { $0.key.partition < $1.key.partition }) {
        // Without a checkpoint it takes as long as the input is.
        guard let checkpoint = try CommitNote(text, of: lead).checkpoint else { continue }
        restoresAsked += 1
        let request = RestoreRequest(
          task: lead.partition, committed: positions.filter { $0.key.partition == lead.partition },
          checkpoint: checkpoint, number: restoresAsked)
        warmUp?.requests[lead.partition] = request
        restores.add(request)
      }
      warmUp?.end = now() + Self.longestWarmUp
    } catch {
      // Joining meets the same trouble, and knows whether to go on.
    }
  }

  /// What was restored of a task before joining, unless the group has gone back behind it.
  func takeWarmedUp(_ request: RestoreRequest) -> RestoreQueue<Task>.Outcome? {
    guard let outcome = warmUp?.outcomes.removeValue(forKey: request.task),
      case .success(let checkpoint) = outcome.result,
      checkpoint.positions.allSatisfy({ $0.value <= request.committed[$0.key] ?? 0 })
    else { return nil }
    return outcome
  }

  /// Frees what was restored and went to nobody here.
  func endWarmUp() {
    guard let current = warmUp, !current.outcomes.isEmpty, now() >= current.end else { return }
    warmUp = WarmUp()
    restores.free(current.outcomes.values.compactMap { try? $0.result.get().task })
  }
}
