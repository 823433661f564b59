import Contract
import EventLog
import Indicators
import Topology

/// Both stages in one process, each with one task, without a log between them.
final class Pipeline {
  private let entityContext: EntityTask.Context
  private let rankingContext = RankingTask.Context(snapshotPartitions: 1, scalePartitions: 1)
  private(set) var entity: EntityTask
  private(set) var ranking: RankingTask
  /// What was written, in order.
  private(set) var written: [Frame] = []
  /// All of it but refused events.
  private(set) var result = CompactedOutputs()
  /// Offsets of events that were refused.
  private(set) var refused: Set<Int> = []

  init(catalog: Catalog) {
    entityContext = EntityTask.Context(
      catalog: catalog, inputPartitions: 1, partialPartitions: 1, rejectedPartitions: 1)
    entity = EntityTask(partition: 0, entityContext)
    ranking = RankingTask(partition: 0, rankingContext)
  }

  /// After these events and one commit.
  convenience init(catalog: Catalog, after frames: [Frame]) {
    self.init(catalog: catalog)
    for (offset, frame) in frames.enumerated() { apply(frame, offset: offset) }
    drain()
  }

  /// Returns whether the event was refused.
  @discardableResult
  func apply(_ frame: Frame, offset: Int) -> Bool {
    let topic = Topic.inputs.contains(frame.topic) ? frame.topic : .usageActions
    frame.withRecord(topic, offset: offset) { record in
      withUnsafePointer(to: record) { pointer in
        attempt("an event") { () throws(LogError) in
          try entity.apply(UnsafeBufferPointer(start: pointer, count: 1))
        }
      }
    }
    let isRefused = !entity.takeCounts().refused.isEmpty
    if isRefused { refused.insert(offset) }
    return isRefused
  }

  /// What a commit of the first stage writes is read by the second, and that commits too.
  func drain() {
    var outputs = OutputBatch()
    attempt("what events say") { () throws(LogError) in try entity.drain(into: &outputs) }
    let partials = take(outputs).filter { $0.topic == .partnerPartials }
    for (offset, frame) in partials.enumerated() { applyPartial(frame, offset) }
    var results = OutputBatch()
    attempt("what partials say") { () throws(LogError) in try ranking.drain(into: &results) }
    _ = take(results)
  }

  private func applyPartial(_ frame: Frame, _ offset: Int) {
    frame.withRecord(.partnerPartials, offset: offset) { record in
      withUnsafePointer(to: record) { pointer in
        attempt("a partial of its own") { () throws(LogError) in
          try ranking.apply(UnsafeBufferPointer(start: pointer, count: 1))
        }
      }
    }
  }

  /// As after a restart: tasks that were read from checkpoints.
  func restart() {
    let (entityState, rankingState) = (entity.chunks().all(), ranking.chunks().all())
    do {
      entity = try EntityTask(partition: 0, entityContext, chunks: entityState)
      ranking = try RankingTask(partition: 0, rankingContext, chunks: rankingState)
    } catch {
      fatalError("a checkpoint of its own is refused: \(error)")
    }
    expect(
      entity.chunks().all().joined().byteCounts == entityState.joined().byteCounts,
      "an entity state changes in a checkpoint")
  }

  private func take(_ outputs: OutputBatch) -> [Frame] {
    var frames: [Frame] = []
    outputs.forEach { record in
      let frame = Frame(
        topic: record.topic, key: record.key.map(Array.init) ?? [], value: record.value.map(Array.init))
      if record.topic == .rejectedEvents {
        expect(
          record.headers.contains { $0.name.elementsEqual("reason".utf8) && $0.value?.isEmpty == false },
          "an event is refused without a reason")
      } else {
        result.take(frame)
      }
      frames.append(frame)
    }
    written += frames
    return frames
  }

  private func attempt(_ what: String, _ body: () throws(LogError) -> Void) {
    do throws(LogError) {
      try body()
    } catch {
      fatalError("\(what) is not taken: \(error)")
    }
  }
}
