import Contract
import EventLog

/// One partition's work in a stage: takes records, keeps state, gives outputs. No I/O. One thread owns it.
public protocol StageTask: AnyObject, SendableMetatype {
  /// What all tasks of the stage share.
  associatedtype Context: Sendable

  static var stage: Stage { get }

  init(partition: Int32, _ context: Context)

  /// A task as `encode` left it. Throws for bytes that are not such a state.
  init(partition: Int32, _ context: Context, decoding state: UnsafeRawBufferPointer) throws

  /// Takes in records of one partition, in order. Throws an `unusable` error for a record that only a defect can have
  /// written.
  func apply(_ run: UnsafeBufferPointer<Record>) throws(LogError)

  /// Appends what changed since the last call, each key once, in absolute values.
  func drain(into outputs: inout OutputBatch)

  /// Takes all changes as written, and what was counted as counted.
  func discardChanges()

  /// Lets the next `drain` give all that is published, as though nothing of it were.
  func publishAgain()

  /// What happened since the last call.
  func takeCounts() -> StageCounts

  /// The state, for a checkpoint.
  func encode() -> [UInt8]
}

extension StageTask {
  /// Nothing, for a stage whose outputs cannot be written again.
  public func publishAgain() {}
}
