import Contract
import EventLog

/// Where and how often a stage's checkpoints are written. A checkpoint only saves time: if one cannot be used, that is
/// reported, and the task is restored from the beginning of its input.
package struct CheckpointSettings<Task: StageTask>: Sendable {
  package var source: CheckpointSource
  package var context: Task.Context
  package var origin: @Sendable (Int32) -> CheckpointOrigin
  package var report: Report
  /// Milliseconds between two checkpoints of a task.
  package var interval: Int64 = 60_000
  /// The limit of the average write rate, for all tasks of one driver together.
  package var bytesPerSecond = 4_000_000
  /// The maximum size of a chunk.
  package var chunkBytes = 256 << 10

  package init(
    source: CheckpointSource, context: Task.Context, origin: @escaping @Sendable (Int32) -> CheckpointOrigin,
    report: @escaping Report
  ) {
    self.source = source
    self.context = context
    self.origin = origin
    self.report = report
  }

  func name(of task: Int32) -> String { "\(Task.stage.name)-\(task)" }

  /// The partition of `task-checkpoints` that holds the task's checkpoints; nil if they are not in the log.
  func place(of task: Int32) -> TopicPartition? {
    guard case .log(let partitions) = source else { return nil }
    return TopicPartition(.taskCheckpoints, task % partitions)
  }

  func slot(of task: Int32, _ number: Int64) -> CheckpointSlot {
    CheckpointSlot(stage: Task.stage.name, task: task, number: number)
  }
}
