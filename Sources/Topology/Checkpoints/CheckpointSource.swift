import Contract
import EventLog

/// Where the checkpoints of a stage's tasks are kept.
package enum CheckpointSource: Sendable {
  /// In the log's own topic, which has so many partitions.
  case log(partitions: Int32)
  case disk(any CheckpointStore)
  case nowhere
}

/// Where a task's checkpoint is in the log. The topic is compacted: a task writes to one of two slots, and leaves the other,
/// which holds its last checkpoint, alone.
package struct CheckpointSlot: Sendable, Equatable {
  package var stage: String
  package var task: Int32
  /// 0 or 1.
  package var number: Int64

  private var prefix: String { "\(stage)-\(task)/\(number)" }

  package var manifestKey: String { prefix }

  package func chunkKey(_ index: Int) -> String { "\(prefix)/\(index)" }

  /// The chunk that is under this key, or nil.
  package func chunk(of key: some StringProtocol) -> Int? {
    guard key.hasPrefix(prefix + "/") else { return nil }
    return Int(key.dropFirst(prefix.count + 1))
  }
}
