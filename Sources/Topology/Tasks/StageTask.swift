import Contract
import EventLog
import Indicators

/// A task of a stage: applies the records of one partition number, keeps state and emits outputs. No I/O. Owned by one thread.
package protocol StageTask: AnyObject, SendableMetatype {
  /// Settings that all tasks of the stage share.
  associatedtype Context: Sendable

  static var stage: Stage { get }

  /// Whether its state depends on records before the committed positions, so that it must be restored.
  static var needsHistory: Bool { get }

  init(partition: Int32, _ context: Context)

  /// Restores a task from the chunks of a checkpoint, in the order in which they were taken. Throws if they are not a valid state.
  init(partition: Int32, _ context: Context, chunks: [[UInt8]]) throws

  /// Applies records of one partition, in order. Throws an `unusable` error for a record that this program cannot have written
  /// without a defect.
  func apply(_ run: UnsafeBufferPointer<Record>) throws(LogError)

  /// Appends the changes since the last drain as absolute values, each key once, as long as there is room. Returns whether that
  /// was all; if not, the next call continues, and no record may be applied before that. With `turnRoom`, the outputs of a
  /// month change follow after these, up to that additional room, and the rest of them is not part of this drain. Throws an
  /// `unusable` error if there is a value that must not be published.
  func drain(into outputs: inout OutputBatch, room: OutputRoom, turnRoom: OutputRoom?) throws(LogError)
    -> Bool

  /// The month from which on a month change is not completely written yet; nil if there is none.
  var turningFrom: Month? { get }

  /// Treats everything before the month change from `month` on as written, and nothing of that month change.
  func resumeTurn(from month: Month)

  /// Appends, after such a drain, the records that must be written exactly once.
  func drainOnce(into outputs: inout OutputBatch)

  /// Bytes that are kept in memory only until they are written.
  var heldBytes: Int { get }

  /// Treats all changes as written, and discards pending statistics.
  func discardChanges()

  /// Makes the next drain emit the whole result, as if nothing had been published.
  func publishAgain()

  /// The statistics since the last call.
  func takeCounts() -> StageCounts

  /// The state, for a checkpoint.
  func chunks() -> any StateChunks
}

extension StageTask {
  /// Appends all changes since the last drain.
  package func drain(into outputs: inout OutputBatch) throws(LogError) {
    _ = try drain(into: &outputs, room: .unlimited, turnRoom: nil)
    drainOnce(into: &outputs)
  }

  /// None, for a stage that writes a month's turn as part of its drains.
  package var turningFrom: Month? { nil }

  package func resumeTurn(from month: Month) {}

  package func drainOnce(into outputs: inout OutputBatch) {}

  /// Nothing, for a stage whose outputs cannot be written again.
  package func publishAgain() {}

  package var heldBytes: Int { 0 }

  package static var needsHistory: Bool { true }
}

extension LogError {
  /// A sum does not fit into what is published: whoever wrote those events must say.
  static func sumOutOfRange(_ sum: SumOutOfRange) -> LogError {
    LogError(.unusable, code: "SUM_OUT_OF_RANGE", "\(sum), so nothing more can be published")
  }
}
