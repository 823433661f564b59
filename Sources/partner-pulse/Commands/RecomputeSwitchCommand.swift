import EventLog
import Platform
import SQLiteLog
import SnapshotView
import Topology

/// `recompute switch`
struct RecomputeSwitchCommand: Command {
  var log = LogSettings()
  var application = ApplicationSettings()
  var isForced = false

  static let words = ["recompute", "switch"]
  static let summary = "switch readers to another result"
  static let description = """
    Switches all readers that follow the served generation (the page, the API, and consumers of the topic
    `generations`) to another generation, or back to an older one. So that no reader sees an older result,
    the command first waits a few seconds for that generation to catch up with the input, and fails if it
    does not.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + ApplicationSettings.options(\.application) + [
      .value(
        "generation", "N", "the generation to switch to (default: the newest one, if it is not served)",
        \.log.generation, .generation),
      .flag("force", "switch even if it lags; readers see stale values until it catches up", \.isForced),
    ]
  }

  /// How long to wait for the generation to catch up.
  private static let catchUpTimeout = Duration.seconds(10)

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let generations = try log.openWithGenerations(.writing, console).generations
    let target = try generations.toServe(log.generation)
    guard target != generations.served else { return console.log(.info, "\(target) is already served") }
    let application = generations.application(of: target) ?? application.name
    let targetLog = try log.connect(.writing, target, console)
    if !isForced {
      let interruption = Interruption(console)
      let catchUp = CatchUp(log: targetLog, application: application, stop: interruption.stop)
      var last = Progress(done: 0, total: 0)
      guard try catchUp.wait(within: Self.catchUpTimeout, progress: { last = $0 }) else {
        throw Failure(
          "\(target) lags behind the input: it has read \(last.done) of \(last.total) offsets; "
            + "check that a process computes it, or use --force to switch anyway")
      }
    }
    try targetLog.serve(target, computedBy: application)
    console.log(.info, "\(target) is served; \(generations.served) is kept until it is dropped")
  }
}
