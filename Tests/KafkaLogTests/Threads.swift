import Foundation
import Synchronization

/// Runs `body` on a thread of its own, since a call that blocks must not take one of Swift's few.
final class Worker: Sendable {
  private let finished = DispatchSemaphore(value: 0)
  private let failure = Mutex<(any Error)?>(nil)

  init(_ body: @escaping @Sendable () throws -> Void) {
    Thread.detachNewThread { [self] in
      do { try body() } catch { failure.withLock { $0 = error } }
      finished.signal()
    }
  }

  /// Waits for the end; throws what the body threw.
  func join() throws {
    finished.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}

/// A flag that is raised once.
final class Flag: Sendable {
  private let raised = Atomic(false)
  var isRaised: Bool { raised.load(ordering: .acquiring) }
  func raise() { raised.store(true, ordering: .releasing) }
}
