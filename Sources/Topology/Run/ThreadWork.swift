import Synchronization

/// What a thread does, once. All that it holds is let go of when it is done; what a thread's own block holds is only when the
/// thread is gone, which may be after the process has begun to exit: a log would not be closed.
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
