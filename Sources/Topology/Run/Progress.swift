import Contract
import EventLog

/// How far both stages have come towards an end that was fixed at the start.
public struct Progress: Sendable {
  public var done: Int64
  public var total: Int64
}

/// Follows the committed positions of both stages, of all members, until all that the inputs held at the start is published.
struct EndWatch {
  private let log: any EventLog
  private let application: String
  private let counts: PartitionCounts
  private let inputEnds: Positions
  private var partialEnds: Positions?

  init(_ log: any EventLog, application: String, counts: PartitionCounts) throws(LogError) {
    self.log = log
    self.application = application
    self.counts = counts
    inputEnds = try log.ends(counts.partitions(of: Stage.entity.inputs))
  }

  /// Whether it is all published; and how far it is.
  mutating func look() throws(LogError) -> (isDone: Bool, Progress) {
    if partialEnds == nil, try distance(of: .entity, to: inputEnds) == 0 {
      // What the entity stage wrote from the inputs is in the log now, whoever wrote it.
      partialEnds = try log.ends(counts.partitions(of: Stage.ranking.inputs))
    }
    let total = inputEnds.values.reduce(0, +)
    guard let partialEnds else {
      return (false, Progress(done: total - (try distance(of: .entity, to: inputEnds)), total: total))
    }
    return (try distance(of: .ranking, to: partialEnds) == 0, Progress(done: total, total: total))
  }

  private func distance(of stage: Stage, to ends: Positions) throws(LogError) -> Int64 {
    let committed = try log.committed(Array(ends.keys), of: stage.group(of: application))
    return ends.reduce(0) { $0 + max(0, $1.value - (committed[$1.key] ?? 0)) }
  }
}
