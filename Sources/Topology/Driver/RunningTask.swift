import Contract
import EventLog
import Indicators

/// A task that a member owns, with its positions and what it has to do before it is live.
struct RunningTask<Task: StageTask> {
  var task: Task
  /// The next offset of each of the task's partitions.
  var positions: Positions
  /// The group's committed offset of each of these partitions.
  var committed: Positions
  /// The positions at which the task must write before it reads on: those of a drain that was written in part, or its own when it
  /// publishes its whole result again. Nil once that output is committed.
  var completingTo: Positions?
  /// Whether the whole result must be published again, after a partly written drain is completed.
  var mustPublishAgain = false
  /// Whether `completingTo` is for publishing the whole result again.
  var isPublishingAgain = false
  /// The month from which on a month change is not completely written, as of the last commit; nil if there is none.
  var turningFrom: Month?
  /// Whether it has read anything since the last commit.
  var isAhead = false
  /// When its last checkpoint was started, in milliseconds of a monotonic clock.
  var checkpointedAt: Int64
  /// Whether that checkpoint includes everything that is committed.
  var isCheckpointed: Bool

  /// Whether it has reached `completingTo`.
  var isComplete: Bool {
    guard let completingTo else { return false }
    return positions.allSatisfy { $0.value >= completingTo[$0.key] ?? 0 }
  }
  /// Whether its pending output may be written.
  var mayWrite: Bool { completingTo == nil || isComplete }
}
