import Contract
import EventLog
import Indicators
import Simulator
import Topology

/// The file of a checkpoint, with the checksums of whatever its bytes are, or nothing would get past them; the first byte
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

private func checkpointFile(of chunks: [[UInt8]], at positions: Positions) -> [UInt8] {
  let manifest = CheckpointManifest(
    positions: positions, chunks: chunks.map(CheckpointManifest.Chunk.init))
  return chunks.joined() + CheckpointFile.end(manifest.encode(origin))
}

extension CheckpointTarget {
  func run(_ input: UnsafeRawBufferPointer) {
    guard let kind = input.first else { return }
    let rest = Array(input.dropFirst())
    let file =
      kind % 2 == 0 ? checkpointFile(of: [rest], at: [:]) : CheckpointFile.resealed(rest, for: origin)
    do {
      let (manifest, chunks) = try file.withUnsafeBytes {
        try CheckpointFile.split($0, for: origin)
      }
      try manifest.check(chunks)
      let task = try restore(chunks)
      guard let again = try? restore(task.chunks().all()) else {
        fatalError("a state that was taken is refused again")
      }
      let written = again.chunks().all()
      guard let third = try? restore(written) else { fatalError("a state that was taken is refused again") }
      expect(
        third.chunks().all().joined().byteCounts == written.joined().byteCounts,
        "a state changes in a checkpoint")
      goOn(task)
      expect(!task.chunks().all().isEmpty, "a task loses its state")
    } catch {
      expect(!"\(error)".isEmpty, "a checkpoint is refused without a reason")
    }
  }

  private func restore(_ chunks: [[UInt8]]) throws -> Task {
    try Task(partition: 0, context, chunks: chunks)
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
      let chunks = task(of: Pipeline(catalog: catalog, after: Array(set.prefix(16)))).chunks().all(
        bytes: 1_000)
      return [[0] + chunks.joined(), [1] + checkpointFile(of: chunks, at: positions)]
    }
  }
}
