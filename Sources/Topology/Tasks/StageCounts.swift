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

  public init() {}

  public static func += (left: inout StageCounts, right: StageCounts) {
    left.records += right.records
    left.expired += right.expired
    left.misplaced.formUnion(right.misplaced)
    left.entries.merge(right.entries) { $1 }
    left.refused.merge(right.refused) { $0 + $1 }
  }
}
