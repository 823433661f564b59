import Contract
import EventLog

/// A task that knows all that its inputs hold before these positions. It may know of more, as far as the group has committed:
/// to take an event in again changes nothing.
package struct Checkpoint<Task: StageTask> {
  package var task: Task
  package var positions: Positions

  package init(task: Task, positions: Positions) {
    self.task = task
    self.positions = positions
  }
}

/// What a checkpoint must have been made for to be of use.
package struct CheckpointOrigin: Equatable, Sendable {
  /// The log's own identity: offsets of another one mean nothing here.
  var log: ExactText
  var group: ExactText
  var partition: Int32
  /// Under another one the same events mean something else.
  var definition: ResultDefinition

  package init(log: String, group: String, partition: Int32, definition: ResultDefinition) {
    self.log = ExactText(log)
    self.group = ExactText(group)
    self.partition = partition
    self.definition = definition
  }
}

/// Why a checkpoint is of no use.
package struct UnusableCheckpoint: Error, CustomStringConvertible {
  package let description: String
}
