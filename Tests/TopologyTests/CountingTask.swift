import Contract
import EventLog
import Indicators
import Topology

/// A task that says how many records it has taken, for tests of what is around tasks.
final class CountingTask: StageTask {
  static var stage: Stage { .entity }

  private(set) var offsets: [TopicPartition: [Int64]] = [:]
  private(set) var count: UInt64 = 0
  private var isDirty = false

  init(partition: Int32, _: Void) {}

  struct BadState: Error {}

  init(partition: Int32, _: Void, chunks: [[UInt8]]) throws {
    let state = Array(chunks.joined())
    guard state.count == 8 else { throw BadState() }
    count = state.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
  }

  func apply(_ run: UnsafeBufferPointer<Record>) throws(LogError) {
    for record in run {
      guard record.value != nil else {
        throw LogError(.unusable, code: "BAD", "a tombstone")
      }
      offsets[record.topicPartition, default: []].append(record.offset)
      count += 1
      counts.records += 1
      isDirty = true
    }
  }

  func drain(into outputs: inout OutputBatch, room: OutputRoom, turnRoom: OutputRoom?) -> Bool {
    guard isDirty else { return true }
    outputs.append(.partnerPartials, partition: 0, key: Array("count".utf8), value: Array(String(count).utf8))
    isDirty = false
    return true
  }

  func discardChanges() {
    isDirty = false
    _ = takeCounts()
  }

  private var counts = StageCounts()

  func takeCounts() -> StageCounts {
    defer { counts = StageCounts() }
    return counts
  }

  /// Two chunks of four bytes.
  func chunks() -> any StateChunks { Chunks(withUnsafeBytes(of: count) { Array($0) }) }

  private final class Chunks: StateChunks {
    private var left: [UInt8]

    init(_ bytes: [UInt8]) { left = bytes }

    func next(bytes: Int) -> StateChunk {
      guard !left.isEmpty else { return .end }
      defer { left.removeFirst(4) }
      return .chunk(Array(left.prefix(4)))
    }
  }
}
