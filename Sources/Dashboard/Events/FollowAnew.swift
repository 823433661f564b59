import EventLog
import Glibc
import Platform

/// Runs `body`, which follows a log until `isStopped`, and a second after it failed by what may pass runs it anew. Blocks.
/// Throws what only people can mend.
func followAnew(
  until isStopped: () -> Bool, report: (LogError) -> Void, _ body: () throws(LogError) -> Void
) throws(LogError) {
  while !isStopped() {
    do throws(LogError) {
      try body()
    } catch {
      guard error.kind != .unusable else { throw error }
      report(error)
      for _ in 0..<50 where !isStopped() { Clock.sleep(milliseconds: 20) }
    }
  }
}
