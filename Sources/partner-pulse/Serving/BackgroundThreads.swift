import Platform
import Synchronization

/// The program's background threads. If one fails, all are told to stop.
final class BackgroundThreads: Sendable {
  /// Tells all of them to end.
  let stop: StopSignal
  private let running = ThreadGroup()
  private let failure = Mutex<Failure?>(nil)

  init(stop: StopSignal) { self.stop = stop }

  func start(_ name: String, _ body: @escaping @Sendable () throws -> Void) {
    running.start(named: name) { [self] in
      do {
        try body()
      } catch {
        failure.withLock { $0 = $0 ?? Failure("\(name): \(error)") }
        stop.stop()
      }
    }
  }

  func stopAndWait() {
    stop.stop()
    running.wait()
  }

  /// Throws the error of the first thread that failed, if one did.
  func check() throws {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
