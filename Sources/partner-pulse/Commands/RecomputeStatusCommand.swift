import Contract
import SQLiteLog
import SnapshotView
import Topology

/// `recompute status`
struct RecomputeStatusCommand: Command {
  var log = LogSettings()
  var application = ApplicationSettings()

  static let words = ["recompute", "status"]
  static let summary = "list all results with their progress, and which one is served"
  static let description = """
    Prints a line for each generation: {"generation": …, "served": …, "application": …, "caught_up": …,
    "read": …, "input": …}. "read" and "input" count offsets of the input topics.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + ApplicationSettings.options(\.application)
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let (_, generations) = try log.openWithGenerations(.reading, console)
    for generation in generations.kept {
      let application = generations.application(of: generation) ?? application.name
      var watch = try EndWatch(try log.connect(.reading, generation, console), application: application)
      let (isDone, progress) = try watch.poll()
      try console.writeLine { json in
        json.key("generation")
        json.number(generation.number)
        json.key("served")
        json.bool(generation == generations.served)
        json.key("application")
        json.string(application)
        json.key("caught_up")
        json.bool(isDone)
        json.key("read")
        json.number(progress.done)
        json.key("input")
        json.number(progress.total)
      }
    }
  }
}
