import Contract
import EventLog
import Indicators

/// One partition's work in a stage: takes records, keeps state, gives outputs. No I/O. One thread owns it.
public protocol StageTask: AnyObject, SendableMetatype {
  /// What all tasks of the stage share.
  associatedtype Context: Sendable

  static var stage: Stage { get }

  /// Whether its state follows from what was read before the committed positions.
  static var needsHistory: Bool { get }

  init(partition: Int32, _ context: Context)

  /// A task as a former one's chunks have it, in the order in which they were taken. Throws for bytes that are not such a state.
  init(partition: Int32, _ context: Context, chunks: [[UInt8]]) throws

  /// Takes in records of one partition, in order. Throws an `unusable` error for a record that only a defect can have
  /// written.
  func apply(_ run: UnsafeBufferPointer<Record>) throws(LogError)

  /// Appends what changed since the last drain, each key once, in absolute values, as long as there is room. Returns whether
  /// that was all: if not, the next call goes on, and no record may be applied before that. With `turnRoom`, what is of a month's
  /// turn comes after that, as long as there is that room besides, and its rest is no part of the drain. Throws an `unusable`
  /// error if that is something which must not be published.
  func drain(into outputs: inout OutputBatch, room: OutputRoom, turnRoom: OutputRoom?) throws(LogError)
    -> Bool

  /// The month from which on a turn is not written as a whole; nil if there is nothing left to write of one.
  var turningFrom: Month? { get }

  /// Takes all as written that was written before the turn from `month` on, and nothing that was written of that.
  func resumeTurn(from month: Month)

  /// Appends, after such a drain, what is to be written once.
  func drainOnce(into outputs: inout OutputBatch)

  /// Bytes that are kept only to be written.
  var heldBytes: Int { get }

  /// Takes all changes as written, and what was counted as counted.
  func discardChanges()

  /// Lets the next drain give all that is published, as though nothing of it were.
  func publishAgain()

  /// What happened since the last call.
  func takeCounts() -> StageCounts

  /// The state, for a checkpoint.
  func chunks() -> any StateChunks
}

extension StageTask {
  /// Appends all that changed since the last drain.
  public func drain(into outputs: inout OutputBatch) throws(LogError) {
    _ = try drain(into: &outputs, room: .unlimited, turnRoom: nil)
    drainOnce(into: &outputs)
  }

  /// None, for a stage that writes a month's turn as part of its drains.
  public var turningFrom: Month? { nil }

  public func resumeTurn(from month: Month) {}

  public func drainOnce(into outputs: inout OutputBatch) {}

  /// Nothing, for a stage whose outputs cannot be written again.
  public func publishAgain() {}

  public var heldBytes: Int { 0 }

  public static var needsHistory: Bool { true }
}

extension LogError {
  /// A sum does not fit into what is published: whoever wrote those events must say.
  static func sumOutOfRange(_ sum: SumOutOfRange) -> LogError {
    LogError(.unusable, code: "SUM_OUT_OF_RANGE", "\(sum), so nothing more can be published")
  }
}
