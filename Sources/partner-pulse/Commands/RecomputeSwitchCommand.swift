import EventLog
import SQLiteLog
import SnapshotView
import Topology

/// `recompute switch`
struct RecomputeSwitchCommand: Command {
  var log = LogSettings()
  var application = ApplicationSettings()
  var isForced = false

  static let words = ["recompute", "switch"]
  static let summary = "have readers read another result"
  static let description = """
    Switches all readers that follow (the page, the API, and whoever reads topic `generations`) to another
    generation, or back to an older one. It must keep up with the events, so that nobody sees a result go
    back; that is waited for for some seconds.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + ApplicationSettings.options(\.application) + [
      .value(
        "generation", "N", "the generation to switch to (default: the newest, if it is not served)",
        \.log.generation, .generation),
      .flag("force", "even if it does not keep up: readers see the past until it does", \.isForced),
    ]
  }

  /// How long it may take to publish what the inputs hold.
  private static let patience = Duration.seconds(10)

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let generations = try log.openWithGenerations(.writing, console).generations
    let target = try generations.toServe(log.generation)
    guard target != generations.served else { return console.log(.info, "\(target) is served already") }
    let application = generations.application(of: target) ?? application.name
    let targetLog = try log.connect(.writing, target, console)
    if !isForced {
      let interruption = Interruption(console)
      let catchUp = CatchUp(log: targetLog, application: application, stop: interruption.stop)
      var last = Progress(done: 0, total: 0)
      guard try catchUp.wait(within: Self.patience, progress: { last = $0 }) else {
        throw Failure(
          "\(target) does not keep up with the events: it has read \(last.done) of \(last.total); "
            + "is it computed anywhere? --force switches all the same")
      }
    }
    try targetLog.serve(target, computedBy: application)
    console.log(.info, "\(target) is served; \(generations.served) is kept until it is dropped")
  }
}
