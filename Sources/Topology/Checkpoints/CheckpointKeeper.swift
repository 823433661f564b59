import Contract
import EventLog

/// Loads and saves the checkpoints of one stage's tasks. A checkpoint only saves time: whatever is wrong with one is
/// reported, and the task starts from the beginning of its input.
package struct CheckpointKeeper<Task: StageTask> {
  var store: any CheckpointStore
  var context: Task.Context
  var origin: (Int32) -> CheckpointOrigin
  var report: Report
  /// Milliseconds from one checkpoint of a task to the next.
  var interval: Int64 = 60_000
  /// A task that goes to another member is worth one sooner.
  var intervalWhenGivenUp: Int64 = 1_000

  /// The task as last saved, unless that is damaged, foreign, or ahead of what the group has committed.
  func load(_ number: Int32, notAfter committed: Positions) -> Checkpoint<Task>? {
    do {
      guard let bytes = try store.read(name(number)) else { return nil }
      let (state, positions) = try bytes.withUnsafeBytes { try CheckpointFormat.decode($0, origin(number)) }
      for (partition, position) in positions where position > committed[partition] ?? 0 {
        throw UnusableCheckpoint(
          description:
            "it has read \(partition) up to \(position), but the group only up to \(committed[partition] ?? 0)"
        )
      }
      let task = try state.withUnsafeBytes { try Task(partition: number, context, decoding: $0) }
      return Checkpoint(task: task, positions: positions)
    } catch {
      report(
        .warning, "checkpoint \(name(number)) is not used: \(error); reading the input from its beginning")
      return nil
    }
  }

  func save(_ task: Task, _ number: Int32, at positions: Positions) {
    do {
      try store.write(CheckpointFormat.encode(task.encode(), at: positions, origin(number)), as: name(number))
    } catch {
      report(.warning, "checkpoint \(name(number)) could not be written: \(error)")
    }
  }

  private func name(_ number: Int32) -> String { "\(Task.stage.name)-\(number)" }
}
