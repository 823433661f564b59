import Topology

/// Checkpoints of the entity stage.
struct EntityCheckpointTarget: CheckpointTarget {
  static let name = "entity-checkpoint"
  let context: EntityTask.Context
  let work: [Frame]

  init() throws {
    context = EntityTask.Context(
      catalog: try SeedEvents.catalog(), inputPartitions: 1, partialPartitions: 1, rejectedPartitions: 1)
    work = Array(SeedEvents.sets(3).joined().prefix(60))
  }

  static func task(of pipeline: Pipeline) -> EntityTask { pipeline.entity }
}
