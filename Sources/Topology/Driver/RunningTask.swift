import Contract
import EventLog
import Indicators

/// A task that a member owns, and how far it is.
struct RunningTask<Task: StageTask> {
  var task: Task
  /// The next offset of each of the task's partitions.
  var positions: Positions
  /// What the group has committed of them.
  var committed: Positions
  /// Up to where a drain was written in part, or all is published again; nil once that is committed.
  var completingTo: Positions?
  /// Whether all that is published must be written again once it is live and has completed what was written in part.
  var mustPublishAgain = false
  /// Whether that is what it completes.
  var isPublishingAgain = false
  /// Since which month a turn is not written as a whole, as far as that is committed.
  var turningFrom: Month?
  /// Whether something was read since the last commit.
  var isAhead = false
  /// When its last checkpoint was begun.
  var checkpointedAt: Int64
  /// Whether that holds all that is committed.
  var isCheckpointed: Bool

  /// Whether it has read all of a drain that it completes.
  var isComplete: Bool {
    guard let completingTo else { return false }
    return positions.allSatisfy { $0.value >= completingTo[$0.key] ?? 0 }
  }
  /// Whether what it has to write may be written.
  var mayWrite: Bool { completingTo == nil || isComplete }
}
