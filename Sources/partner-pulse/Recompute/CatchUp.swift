import EventLog
import Topology

/// Waits for a generation to be as close to its inputs as one that is live.
struct CatchUp {
  var log: any EventLog
  /// Who computes it.
  var application: String
  var stop: StopSignal

  /// What is published this long after it was written is live.
  private static let closeness = Duration.seconds(10)

  /// Returns whether all that the inputs held at some moment was published soon after it: within `limit` of the call, or
  /// else however long it takes. Tells `progress` how far it is. Throws what only people can mend.
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
          guard let (isDone, now) = try watch?.look() else { continue }
          progress(now)
          if isDone { break }
        } catch {
          // Who computes it meets the same trouble.
          guard error.kind != .unusable else { throw error }
        }
        pause(.milliseconds(50))
      }
      if !stop.isStopped, .now - begun < Self.closeness { return true }
    }
    return false
  }
}
