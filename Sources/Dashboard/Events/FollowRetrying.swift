import EventLog
import Platform

/// Runs `body`, which follows a log until `stop`, and runs it again one second after a transient error. Blocks. Throws errors that
/// need an operator.
package func followRetrying(
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
