import EventLog
import Platform

extension LogSettings {
  /// The result of `body`, the startup of a service. Retries transient errors, such as no broker being available, with exponential
  /// backoff. Nil if `stop` is signaled meanwhile. Throws errors that need an operator.
  func waiting<T>(_ stop: StopSignal, _ console: Console, _ body: () throws -> T) throws -> T? {
    var wait = Duration.seconds(1)
    while !stop.isStopped {
      do {
        return try body()
      } catch let error as LogError where error.kind == .retriable {
        console.log(.warning, "\(error); trying again in \(wait.components.seconds) s")
      }
      stop.wait(for: wait)
      wait = min(wait * 2, .seconds(60))
    }
    return nil
  }
}
