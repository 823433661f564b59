import Contract
import EventLog

/// Where the checkpoints of a stage's tasks are kept.
package enum CheckpointSource: Sendable {
  /// In the log's topic `task-checkpoints`, which has `partitions` partitions.
  case log(partitions: Int32)
  case disk(any CheckpointStore)
  case nowhere
}

/// The location of a task's checkpoint in the log. The topic is compacted. A task has two slots: it writes a new checkpoint to
/// one while the other keeps the last complete checkpoint.
package struct CheckpointSlot: Sendable, Equatable {
  package var stage: String
  package var task: Int32
  /// 0 or 1.
  package var number: Int64

  private var prefix: String { "\(stage)-\(task)/\(number)" }

  package var manifestKey: String { prefix }

  package func chunkKey(_ index: Int) -> String { "\(prefix)/\(index)" }

  /// The index of the chunk with this key, or nil.
  package func chunk(of key: some StringProtocol) -> Int? {
    guard key.hasPrefix(prefix + "/") else { return nil }
    return Int(key.dropFirst(prefix.count + 1))
  }
}

/// Local storage for the checkpoints of one process.
package protocol CheckpointStore: Sendable {
  /// The checkpoint of this name, or nil if there is none.
  func read(_ name: String) throws -> [UInt8]?

  /// Starts writing a checkpoint, which replaces the previous one of this name when it is finished.
  func begin(_ name: String) throws -> any CheckpointOutput
}

/// A checkpoint that is being written. It is discarded if it is released unfinished.
package protocol CheckpointOutput: AnyObject {
  func append(_ bytes: [UInt8]) throws

  /// Replaces the previous checkpoint atomically and durably.
  func finish() throws
}
