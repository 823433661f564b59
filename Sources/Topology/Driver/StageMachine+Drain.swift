import Contract
import EventLog

extension StageMachine {
  /// The pending outputs of live tasks, with the positions that they reflect.
  package struct Drain: Sendable {
    /// What was taken out of the tasks last.
    package var outputs = OutputBatch()
    /// Whether that is the rest. If not, the tasks may take in no record: what they have still to write would be newer.
    package var isRest = true
    /// Committed with the last of its records.
    package var positions: Positions = [:]
    /// What is committed until then.
    package var before: Positions = [:]
    /// The tasks that it is of, ascending.
    package var tasks: [Int32] = []
    /// Those of them that publish all again.
    package var publishingAgain: [Int32] = []
    /// Tasks that have more to write, the next one last.
    var unfinished: [Int32] = []
    /// How much of a month's turn each task may write with it; nil for all.
    var turnRoom: OutputRoom?
    package var counts = StageCounts()
  }
}
