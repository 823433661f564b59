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

  /// Appends the changes since the last drain as absolute values, each key once, as long as there is room. Returns true if these
  /// were all; otherwise the next call continues, and no record may be applied before. Outputs of a month change follow the
  /// others: with `turnRoom` only up to that additional room, and the rest is left for later drains. Throws an `unusable`
  /// error for a sum that does not fit into the output.
  func drain(into outputs: inout OutputBatch, room: OutputRoom, turnRoom: OutputRoom?) throws(LogError)
    -> Bool

  /// The month from which on a month change is not completely written yet; nil if there is none.
  var turningFrom: Month? { get }

  /// Treats everything before the month change from `month` on as written, and nothing of that month change.
  func resumeTurn(from month: Month)

  /// Appends, after a complete drain, the records that must be written exactly once.
  func drainOnce(into outputs: inout OutputBatch)

  /// Bytes of pending `drainOnce` records, which are kept in memory until they are written.
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

  /// For a stage that writes a month change as a whole, within one drain.
  package var turningFrom: Month? { nil }

  package func resumeTurn(from month: Month) {}

  package func drainOnce(into outputs: inout OutputBatch) {}

  /// For a stage whose outputs cannot be written again.
  package func publishAgain() {}

  package var heldBytes: Int { 0 }

  package static var needsHistory: Bool { true }
}

extension LogError {
  /// A sum does not fit into the field that is published; only the producer of the events can correct that.
  static func sumOutOfRange(_ sum: SumOutOfRange) -> LogError {
    LogError(.unusable, code: "SUM_OUT_OF_RANGE", "\(sum), so nothing more can be published")
  }
}
