import Contract
import EventLog
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `recompute drop`
struct RecomputeDropCommand: Command {
  var log = LogSettings()
  var application = ApplicationSettings()
  var generation: Generation?

  static let words = ["recompute", "drop"]
  static let summary = "delete a result that is not served"
  static let description = """
    Deletes the output topics of a generation, including its rejected events, and its consumer groups. No
    process may be computing it. The input topics are kept, and so are checkpoints in a state directory.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + ApplicationSettings.options(\.application) + [
      .value("generation", "N", "the generation to delete", \.generation, .generation)
    ]
  }

  func check() throws(UsageError) {
    try log.check()
    if generation == nil { throw UsageError("--generation is missing") }
  }

  func run(_ console: Console) throws {
    guard let generation else { return }
    let (served, generations) = try log.openWithGenerations(.writing, console)
    try generations.checkDropping(generation)
    let application = generations.application(of: generation) ?? application.name
    let dropped = try log.connect(.writing, generation, console)
    do throws(LogError) {
      // First, since this fails if a process computes the generation. Without its groups, it would be computed from the start.
      try dropped.deleteGroups(Stage.all.map { $0.group(of: application, in: generation) })
    } catch {
      guard error.kind == .unusable else { throw error }
      throw Failure("\(generation) is still being computed; stop its processes first: \(error)")
    }
    var record = generations.record(of: generation) ?? GenerationRecord()
    record.number = generation.number
    record.application = application
    record.state = .dropped
    try served.describe(record)
    try dropped.deleteTopics(dropped.topicsOfGeneration)
    console.log(.info, "\(generation) is deleted")
  }
}
