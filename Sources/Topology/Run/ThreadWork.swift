import Synchronization

/// The work of a thread, run once. Releases its captures when it is done. The block of a `Thread` would release them only when
/// the thread has ended, possibly after the process has begun to exit, so that a log would not be closed.
public final class ThreadWork: Sendable {
  private let body: Mutex<(@Sendable () -> Void)?>

  public init(_ body: @escaping @Sendable () -> Void) { self.body = Mutex(body) }

  public func run() {
    let body = body.withLock { body in
      defer { body = nil }
      return body
    }
    body?()
  }
}
