import Platform
import SQLiteLog
import SnapshotView

/// `recompute compare`
struct RecomputeCompareCommand: Command {
  var log = LogSettings()
  var application = ApplicationSettings()

  static let words = ["recompute", "compare"]
  static let summary = "compare another result with the served one"
  static let description = """
    Prints a line for each key whose values differ: {"topic": …, "key": …, "served": …, "recomputed": …},
    with null for a missing value. Exits with status 1 if any differ. Aggregation may continue meanwhile: a
    key counts as equal if both results had the same value for it at some time after both had processed all
    input that was present at the start.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + ApplicationSettings.options(\.application) + [
      .value(
        "generation", "N", "the generation to compare (default: the newest one that is not served)",
        \.log.generation,
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
