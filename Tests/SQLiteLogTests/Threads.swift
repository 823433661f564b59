import Foundation
import Synchronization

/// Runs bodies on threads of their own and notes what they throw.
final class Threads: Sendable {
  private let running = DispatchGroup()
  private let thrown = Mutex<[String]>([])

  func start(_ body: @escaping @Sendable () throws -> Void) {
    running.enter()
    let thread = Thread { [self] in
      defer { running.leave() }
      do { try body() } catch { thrown.withLock { $0.append("\(error)") } }
    }
    thread.start()
  }

  /// Waits for all and returns what they threw.
  func join() -> [String] {
    running.wait()
    return thrown.withLock { $0 }
  }
}
