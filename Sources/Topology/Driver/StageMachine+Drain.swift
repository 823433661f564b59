import Contract
import EventLog

extension StageMachine {
  /// The pending outputs of live tasks, with the positions that they reflect.
  package struct Drain: Sendable {
    /// The part that was taken out of the tasks last.
    package var outputs = OutputBatch()
    /// Whether that is the last part. Until then the tasks must not apply records, or later parts would reflect newer input.
    package var isLastPart = true
    /// The positions that the drain reflects; committed with its last transaction.
    package var positions: Positions = [:]
    /// The committed positions until then.
    package var before: Positions = [:]
    /// The tasks that it has outputs of, ascending.
    package var tasks: [Int32] = []
    /// Those of them that publish their whole result again.
    package var publishingAgain: [Int32] = []
    /// The tasks that are not completely taken out; the last element is next.
    var unfinished: [Int32] = []
    /// The maximum outputs of a month change of each task; nil for no limit.
    var turnRoom: OutputRoom?
    package var counts = StageCounts()
  }
}
