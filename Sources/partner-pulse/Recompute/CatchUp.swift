import EventLog
import Platform
import Topology

/// Waits for a generation to catch up with its inputs.
struct CatchUp {
  var log: any EventLog
  /// The application that computes it.
  var application: String
  var stop: StopSignal

  /// A generation has caught up if it publishes the result of input within this time.
  private static let closeness = Duration.seconds(10)

  /// Returns whether the generation caught up: whether the result of everything in the inputs at some time was published within
  /// ten seconds. Waits up to `limit`, or without a limit if that is nil. Throws errors that need an operator.
  func wait(
    within limit: Duration? = nil, progress: (Progress) -> Void = { _ in }
  ) throws(LogError) -> Bool {
    let start = ContinuousClock.now
    while !stop.isStopped {
      let begun = ContinuousClock.now
      var watch: EndWatch?
      while !stop.isStopped {
        if let limit, .now - start > limit { return false }
        do throws(LogError) {
          if watch == nil { watch = try EndWatch(log, application: application) }
          guard let (isDone, now) = try watch?.poll() else { continue }
          progress(now)
          if isDone { break }
        } catch {
          // Transient; the process that computes the generation retries too.
          guard error.kind != .unusable else { throw error }
        }
        stop.wait(for: .milliseconds(50))
      }
      if !stop.isStopped, .now - begun < Self.closeness { return true }
    }
    return false
  }
}
