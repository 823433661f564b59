import Contract

/// Statistics of what a stage has committed.
package struct StageCounts: Sendable, Equatable {
  /// Processed records, including refused ones.
  package var records = 0
  /// Refused events by reason.
  package var refused: [String: Int] = [:]
  /// Topics with events that were refused because they were in the wrong partition.
  package var misplaced: Set<Topic> = []
  /// Usage and billing events too old to count in any published month.
  package var expired = 0
  /// By task: the number of entries in its state at the last commit.
  package var entries: [Int32: Int] = [:]
  /// By task: the approximate memory of its state in bytes, by kind.
  package var stateBytes: [Int32: [String: Int]] = [:]
  /// By task: the size in bytes of its last checkpoint, or the one that it was restored from.
  package var checkpointBytes: [Int32: Int] = [:]
  /// The restores of tasks.
  package var restores: [Restore] = []

  package struct Restore: Sendable, Equatable {
    /// Whether it was restored from a checkpoint; otherwise from the beginning of the input.
    package var hasCheckpoint: Bool
    package var milliseconds: Int64
  }

  package init() {}

  /// State is measured at every 64th commit, since that takes some microseconds.
  private static let commitsPerMeasurement = 64

  /// Records the memory of a task's state, if it is to be measured at the task's commit number `commit`, counted from 0.
  mutating func measure(
    _ task: Int32, at commit: Int, _ stateBytes: @autoclosure () -> [(kind: String, bytes: Int)]
  ) {
    guard commit % Self.commitsPerMeasurement == 0 else { return }
    self.stateBytes[task] = Dictionary(uniqueKeysWithValues: stateBytes().map { ($0.kind, $0.bytes) })
  }

  package static func += (left: inout StageCounts, right: StageCounts) {
    left.records += right.records
    left.expired += right.expired
    left.misplaced.formUnion(right.misplaced)
    left.entries.merge(right.entries) { $1 }
    left.stateBytes.merge(right.stateBytes) { $1 }
    left.checkpointBytes.merge(right.checkpointBytes) { $1 }
    left.restores += right.restores
    left.refused.merge(right.refused) { $0 + $1 }
  }
}
