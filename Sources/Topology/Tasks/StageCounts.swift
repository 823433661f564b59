import Contract

/// What a stage has done, as far as it is committed.
public struct StageCounts: Sendable, Equatable {
  /// Records taken in, refused ones included.
  public var records = 0
  /// Refused events by reason.
  public var refused: [String: Int] = [:]
  /// Topics with events that were refused for lying in a wrong partition.
  public var misplaced: Set<Topic> = []
  /// Usage and billing older than any month that counts.
  public var expired = 0
  /// By task: the entries of its state at the last commit.
  public var entries: [Int32: Int] = [:]
  /// By task: about how many bytes of memory its state takes, by kind.
  public var stateBytes: [Int32: [String: Int]] = [:]
  /// By task: bytes of the checkpoint that was written last, or that it was restored from.
  public var checkpointBytes: [Int32: Int] = [:]
  /// Tasks that were restored.
  public var restores: [Restore] = []

  public struct Restore: Sendable, Equatable {
    /// Whether from a checkpoint; if not, from the beginning of the input.
    public var hasCheckpoint: Bool
    public var milliseconds: Int64
  }

  public init() {}

  /// State is measured with one in so many commits, since that takes some microseconds.
  private static let commitsPerMeasurement = 64

  /// Takes in the bytes of a task's state, if commit number `commit` of the task, from 0, is one to measure it with.
  mutating func measure(
    _ task: Int32, at commit: Int, _ stateBytes: @autoclosure () -> [(kind: String, bytes: Int)]
  ) {
    guard commit % Self.commitsPerMeasurement == 0 else { return }
    self.stateBytes[task] = Dictionary(uniqueKeysWithValues: stateBytes().map { ($0.kind, $0.bytes) })
  }

  public static func += (left: inout StageCounts, right: StageCounts) {
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
