/// Local storage for the checkpoints of one process.
public protocol CheckpointStore: Sendable {
  /// The checkpoint of this name, or nil if there is none.
  func read(_ name: String) throws -> [UInt8]?

  /// Starts writing a checkpoint, which replaces the one with this name when it is finished.
  func begin(_ name: String) throws -> any CheckpointOutput
}

/// A checkpoint that is being written. It is discarded if it is released unfinished.
public protocol CheckpointOutput: AnyObject {
  func append(_ bytes: [UInt8]) throws

  /// Replaces the previous checkpoint atomically, also if the process crashes.
  func finish() throws
}
