import SQLiteLog
import SnapshotView

/// `recompute compare`
struct RecomputeCompareCommand: Command {
  var log = LogSettings()
  var application = ApplicationSettings()

  static let words = ["recompute", "compare"]
  static let summary = "what differs between the served result and another one"
  static let description = """
    Prints a line for each key whose values differ: {"topic": …, "key": …, "served": …, "recomputed": …},
    null where there is none. Ends with 1 if there is any. Both may go on meanwhile: a key is the same if
    both came to have one value for it once both had taken in all that was there at the start.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + ApplicationSettings.options(\.application) + [
      .value(
        "generation", "N", "compare this one (default: the newest that is not served)", \.log.generation,
        .generation)
    ]
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let generations = try log.openWithGenerations(.reading, console).generations
    let other = try generations.toCompare(log.generation)
    let interruption = Interruption(console)
    let sides = try [generations.served, other].map { generation in
      (
        try log.connect(.reading, generation, console),
        generations.application(of: generation) ?? application.name
      )
    }
    let found = try ResultComparison(sides[0], sides[1], stop: interruption.stop).run()
    try console.report(found)
    if !found.differences.isEmpty { throw Failure("\(generations.served) and \(other) differ") }
  }
}
