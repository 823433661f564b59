import EventLog
import Topology

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
      let end = ContinuousClock.now + wait
      while !stop.isStopped, .now < end { pause(.milliseconds(50)) }
      wait = min(wait * 2, .seconds(60))
    }
    return nil
  }
}
