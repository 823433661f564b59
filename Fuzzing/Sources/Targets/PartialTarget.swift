import Contract
import EventLog
import Indicators
import Randomness
import Topology

/// Records of partner-partials, which the ranking stage reads back.
struct PartialTarget: FuzzTarget {
  static let name = "partials"
  private let context = RankingTask.Context(snapshotPartitions: 1, scalePartitions: 1)

  func run(_ input: UnsafeRawBufferPointer) {
    let frames = Frame.read(Array(input))
    let task = RankingTask(partition: 0, context)
    for (offset, frame) in frames.enumerated() { apply(frame, offset, to: task) }
    // A sum that does not fit is the end.
    guard drain(task) != nil else { return }
    guard let restored = restore(task.chunks().all()) else {
      fatalError("a checkpoint of its own is refused")
    }
    // What it knows is told already, so the same again tells nothing.
    for (offset, frame) in frames.enumerated() {
      apply(frame, offset, to: task)
      apply(frame, offset, to: restored)
    }
    expect(drain(task) == drain(restored), "a restored task tells something else")
  }

  /// A record that only a defect can have written is refused as a whole.
  private func apply(_ frame: Frame, _ offset: Int, to task: RankingTask) {
    frame.withRecord(.partnerPartials, offset: offset) { record in
      withUnsafePointer(to: record) { pointer in
        do throws(LogError) {
          try task.apply(UnsafeBufferPointer(start: pointer, count: 1))
        } catch {
          expect(error.kind == .unusable && !error.message.isEmpty, "a partial is refused without a reason")
        }
      }
    }
  }

  /// What the task tells; nil if that must not be published.
  private func drain(_ task: RankingTask) -> [RecordKey: [UInt8]]? {
    var outputs = OutputBatch()
    do throws(LogError) {
      try task.drain(into: &outputs)
    } catch {
      expect(error.code == "SUM_OUT_OF_RANGE", "nothing is told because of \(error)")
      return nil
    }
    var told: [RecordKey: [UInt8]] = [:]
    outputs.forEach { record in
      let key = RecordKey(topic: record.topic, key: record.key.map(Array.init) ?? [])
      expect(told.updateValue(record.value.map(Array.init) ?? [], forKey: key) == nil, "\(key) is told twice")
    }
    return told
  }

  private func restore(_ chunks: [[UInt8]]) -> RankingTask? {
    try? RankingTask(partition: 0, context, chunks: chunks)
  }

  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]? {
    FrameMutator(words: SeedEvents.words).mutate(input, room, &random)
  }

  static func seeds() throws -> [[UInt8]] {
    try SeedEvents.outputs(30).map { outputs in
      Frame.write(Array(outputs.filter { $0.topic == .partnerPartials }.suffix(40)))
    }
  }
}
