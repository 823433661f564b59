import EventLog
import Topology

extension LogSettings {
  /// What `body` gives, which a service begins with. What may pass, such as that no broker answers, is tried again with growing
  /// pauses. Nil if `stop` says so meanwhile. Throws what only people can mend.
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
