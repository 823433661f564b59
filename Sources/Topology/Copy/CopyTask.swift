import Contract
import EventLog
import Indicators

/// Copies one partition of all inputs to topics with another partition count. Each record gets its entity's id as the key,
/// which determines its partition, and keeps its value, headers and timestamp. A record that is not an event keeps its key.
package final class CopyTask: StageTask {
  package struct Context: Sendable {
    /// The partition count of each target topic.
    package var partitions: Int32
    /// The entities whose records are left out.
    package var forgotten: ForgottenEntities

    package init(partitions: Int32, forgotten: ForgottenEntities = ForgottenEntities()) {
      (self.partitions, self.forgotten) = (partitions, forgotten)
    }
  }

  package static var stage: Stage { .copy }
  package static var needsHistory: Bool { false }

  private let partition: Int32
  private let context: Context
  private var copies = OutputBatch()
  private var counts = StageCounts()

  package init(partition: Int32, _ context: Context) {
    self.partition = partition
    self.context = context
  }

  package convenience init(partition: Int32, _ context: Context, chunks: [[UInt8]]) throws {
    self.init(partition: partition, context)
  }

  package func apply(_ run: UnsafeBufferPointer<Record>) throws(LogError) {
    counts.records += run.count
    for record in run where !context.forgotten.contains(record) { copy(record) }
  }

  private func copy(_ record: Record) {
    let key = record.value.flatMap { record.topic.entityID(of: $0) } ?? record.key.map(Array.init)
    let target = key.map { key in
      key.withUnsafeBytes { Contract.partition(ofKey: $0, count: context.partitions) }
    }
    key.withBytes { key in
      copies.append(
        record.topic, partition: target ?? partition % context.partitions, key: key, value: record.value,
        timestamp: record.timestamp ?? -1, carried: record.headers, once: true)
    }
  }

  package var heldBytes: Int { copies.byteCount }

  package func drain(into outputs: inout OutputBatch, room: OutputRoom, turnRoom: OutputRoom?) -> Bool {
    true
  }

  package func drainOnce(into outputs: inout OutputBatch) {
    outputs.append(contentsOf: copies)
    copies.removeAll()
  }

  package func discardChanges() {
    copies.removeAll()
    counts = StageCounts()
  }

  package func takeCounts() -> StageCounts {
    defer { counts = StageCounts() }
    return counts
  }

  /// None: it has no state besides the group's committed positions.
  package func chunks() -> any StateChunks { NoChunks() }

  private final class NoChunks: StateChunks {
    func next(bytes: Int) -> StateChunk { .end }
  }
}
