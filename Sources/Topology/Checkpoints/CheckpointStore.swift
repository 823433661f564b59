/// Where a process keeps checkpoints that it shares with nobody.
public protocol CheckpointStore: Sendable {
  /// The checkpoint of this name, or nil if there is none.
  func read(_ name: String) throws -> [UInt8]?

  /// Begins a checkpoint, which takes the place of the one of this name when it is finished.
  func begin(_ name: String) throws -> any CheckpointOutput
}

/// A checkpoint that is being written. One that is let go of unfinished is gone.
public protocol CheckpointOutput: AnyObject {
  func append(_ bytes: [UInt8]) throws

  /// After a crash there is the former checkpoint or this one.
  func finish() throws
}
