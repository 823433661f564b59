import EventLog
import Platform

/// Runs `body`, which follows a log until `stop`, and a second after it failed by what may pass runs it anew. Blocks.
/// Throws what only people can mend.
func followAnew(
  until stop: StopSignal, report: (LogError) -> Void, _ body: () throws(LogError) -> Void
) throws(LogError) {
  while !stop.isStopped {
    do throws(LogError) {
      try body()
    } catch {
      guard error.kind != .unusable else { throw error }
      report(error)
      stop.wait(for: .seconds(1))
    }
  }
}
