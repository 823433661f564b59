import Contract
import EventLog
import Indicators
import Topology

/// The file of a checkpoint. Its checksum is made right where it is wrong, or nothing would get past it; the first byte
/// says whether the input is the whole file or only the task's state.
protocol CheckpointTarget: FuzzTarget {
  associatedtype Task: StageTask

  var context: Task.Context { get }

  /// Goes on from a state that was taken for good.
  func work(_ task: Task)
}

extension CheckpointTarget {
  func run(_ input: UnsafeRawBufferPointer) {
    guard let kind = input.first else { return }
    let rest = Array(input.dropFirst())
    let file = kind % 2 == 0 ? CheckpointFormat.encode(rest, at: [:], origin) : withChecksum(rest)
    do {
      let (state, _) = try file.withUnsafeBytes { try CheckpointFormat.decode($0, origin) }
      let task = try restore(state)
      let encoded = task.encode()
      guard let again = try? restore(encoded) else { fatalError("a state that was taken is refused again") }
      let written = again.encode()
      guard let third = try? restore(written) else { fatalError("a state that was taken is refused again") }
      // Tables are written in whatever order they are held.
      expect(third.encode().sorted() == written.sorted(), "a state changes in a checkpoint")
      work(task)
      expect(!task.encode().isEmpty, "a task loses its state")
    } catch {
      expect(!"\(error)".isEmpty, "a checkpoint is refused without a reason")
    }
  }

  private var origin: CheckpointOrigin { CheckpointOrigin(log: "l", group: "g", partition: 0, catalog: 7) }

  private func restore(_ state: [UInt8]) throws -> Task {
    try state.withUnsafeBytes { try Task(partition: 0, context, decoding: $0) }
  }

  private func withChecksum(_ file: [UInt8]) -> [UInt8] {
    let body = file.dropLast(8)
    let sum = Array(body).withUnsafeBytes { CheckpointFormat.checksum($0) }
    return body + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt64($0))) }
  }

  func apply(_ frame: Frame, to task: Task) {
    frame.withRecord(frame.topic, offset: 0) { record in
      withUnsafePointer(to: record) { pointer in
        do throws(LogError) {
          try task.apply(UnsafeBufferPointer(start: pointer, count: 1))
        } catch {
          expect(error.kind == .unusable, "\(error)")
        }
      }
    }
  }

  static func seeds(_ states: [[UInt8]]) -> [[UInt8]] {
    let positions: Positions = [TopicPartition(.partners, 0): 3]
    let origin = CheckpointOrigin(log: "l", group: "g", partition: 0, catalog: 7)
    return states.flatMap { state in
      [[0] + state, [1] + CheckpointFormat.encode(state, at: positions, origin)]
    }
  }
}

/// Checkpoints of the entity stage.
struct EntityCheckpointTarget: CheckpointTarget {
  static let name = "entity-checkpoint"
  let context: EntityTask.Context
  private let events: [Frame]

  init() throws {
    context = EntityTask.Context(
      catalog: try SeedEvents.catalog(), partialPartitions: 1, rejectedPartitions: 1)
    events = Array(SeedEvents.frames(sets: 3).prefix(60))
  }

  func work(_ task: EntityTask) {
    for event in events { apply(event, to: task) }
    var outputs = OutputBatch()
    task.drain(into: &outputs)
  }

  static func seeds() throws -> [[UInt8]] {
    let catalog = try SeedEvents.catalog()
    return seeds(
      SeedEvents.sets(12).map { set in
        let pipeline = Pipeline(catalog: catalog)
        for (offset, frame) in set.prefix(20).enumerated() { pipeline.apply(frame, offset: offset) }
        return pipeline.entity.encode()
      })
  }
}

/// Checkpoints of the ranking stage.
struct RankingCheckpointTarget: CheckpointTarget {
  static let name = "ranking-checkpoint"
  let context = RankingTask.Context(snapshotPartitions: 1, scalePartitions: 1)
  private let partials: [Frame]

  init() {
    partials = Array(SeedEvents.outputs(sets: 3).filter { $0.topic == .partnerPartials }.prefix(20))
  }

  func work(_ task: RankingTask) {
    for partial in partials { apply(partial, to: task) }
    var outputs = OutputBatch()
    task.drain(into: &outputs)
  }

  static func seeds() throws -> [[UInt8]] {
    let catalog = try SeedEvents.catalog()
    return seeds(
      SeedEvents.sets(12).map { set in
        let pipeline = Pipeline(catalog: catalog)
        for (offset, frame) in set.prefix(12).enumerated() { pipeline.apply(frame, offset: offset) }
        pipeline.drain()
        return pipeline.ranking.encode()
      })
  }
}
