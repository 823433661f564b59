import Contract
import EventLog

/// A task with the state of all input records before `positions`. Its state may already include some later records, up to the
/// group's committed positions; applying an event twice does not change it.
package struct Checkpoint<Task: StageTask> {
  package var task: Task
  package var positions: Positions

  package init(task: Task, positions: Positions) {
    self.task = task
    self.positions = positions
  }
}

/// What a checkpoint was written for. It can be used only for the same origin.
package struct CheckpointOrigin: Equatable, Sendable {
  /// The log's identity, since offsets are meaningful only within one log.
  var log: ExactText
  var group: ExactText
  var partition: Int32
  /// The definition of the result, since it determines the meaning of events.
  var definition: ResultDefinition

  package init(log: String, group: String, partition: Int32, definition: ResultDefinition) {
    self.log = ExactText(log)
    self.group = ExactText(group)
    self.partition = partition
    self.definition = definition
  }
}

/// The reason why a checkpoint cannot be used.
package struct UnusableCheckpoint: Error, CustomStringConvertible {
  package let description: String
}
