import Contract
import Topology

/// Checkpoints of the ranking stage.
struct RankingCheckpointTarget: CheckpointTarget {
  static let name = "ranking-checkpoint"
  let context = RankingTask.Context(snapshotPartitions: 1, scalePartitions: 1)
  let work: [Frame]

  init() throws {
    work = try Array(SeedEvents.outputs(3).joined().filter { $0.topic == .partnerPartials }.prefix(20))
  }

  static func task(of pipeline: Pipeline) -> RankingTask { pipeline.ranking }
}
