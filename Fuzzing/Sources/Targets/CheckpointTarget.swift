import Contract
import EventLog
import Topology

/// The file of a checkpoint. Its checksum is made right where it is wrong, or nothing would get past it; the first byte
/// says whether the input is the whole file or only the task's state.
protocol CheckpointTarget: FuzzTarget {
  associatedtype Task: StageTask

  var context: Task.Context { get }

  /// Records to go on with from a state that was taken for good.
  var work: [Frame] { get }

  /// The stage's own of both tasks.
  static func task(of pipeline: Pipeline) -> Task
}

private let origin = CheckpointOrigin(
  log: "l", group: "g", partition: 0,
  definition: ResultDefinition(
    catalog: "c", semantics: 1, inputPartitions: 1, outputPartitions: [1, 1, 1]))

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
      expect(third.encode().byteCounts == written.byteCounts, "a state changes in a checkpoint")
      goOn(task)
      expect(!task.encode().isEmpty, "a task loses its state")
    } catch {
      expect(!"\(error)".isEmpty, "a checkpoint is refused without a reason")
    }
  }

  private func restore(_ state: [UInt8]) throws -> Task {
    try state.withUnsafeBytes { try Task(partition: 0, context, decoding: $0) }
  }

  private func withChecksum(_ file: [UInt8]) -> [UInt8] {
    let body = file.dropLast(8)
    let sum = Array(body).withUnsafeBytes { CheckpointFormat.checksum($0) }
    return body + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt64($0))) }
  }

  private func goOn(_ task: Task) {
    for frame in work { apply(frame, to: task) }
    var outputs = OutputBatch()
    do throws(LogError) {
      try task.drain(into: &outputs)
    } catch {
      expect(error.code == "SUM_OUT_OF_RANGE", "\(error)")
    }
  }

  private func apply(_ frame: Frame, to task: Task) {
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

  static func seeds() throws -> [[UInt8]] {
    let catalog = try SeedEvents.catalog()
    let positions: Positions = [TopicPartition(.partners, 0): 3]
    return SeedEvents.sets(12).flatMap { set in
      let state = task(of: Pipeline(catalog: catalog, after: Array(set.prefix(16)))).encode()
      return [[0] + state, [1] + CheckpointFormat.encode(state, at: positions, origin)]
    }
  }
}
