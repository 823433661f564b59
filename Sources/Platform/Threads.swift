import CThreadName
import Glibc
import Synchronization

/// What a thread does, once. All that it holds is released when it is done, and not only when the thread is gone, which may be
/// after the process has begun to exit: a log would not be closed.
private final class ThreadWork: Sendable {
  private let body: Mutex<(@Sendable () -> Void)?>

  init(_ body: @escaping @Sendable () -> Void) { self.body = Mutex(body) }

  func run() {
    let body = body.withLock { $0.take() }
    body?()
  }
}

/// Runs `body` on a thread of its own, which nobody waits for. Of the name, Linux keeps 15 bytes.
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let work = Unmanaged.passRetained(
    ThreadWork {
      thread_set_name(name)
      body()
    })
  var thread = pthread_t()
  let code = pthread_create(
    &thread, &attributes,
    { context in
      if let context { Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, work.toOpaque())
  guard code == 0 else {
    work.release()
    fatalError("no thread could be started: \(SystemError(code: code))")
  }
}

/// Threads that somebody waits for.
package final class ThreadGroup: Sendable {
  private let running = Mutex(0)

  package init() {}

  package func start(named name: String, _ body: @escaping @Sendable () -> Void) {
    running.withLock { $0 += 1 }
    startThread(named: name) { [self] in
      body()
      running.withLock { $0 -= 1 }
    }
  }

  /// Waits until all of them are done.
  package func wait() {
    while running.withLock({ $0 > 0 }) { Clock.sleep(milliseconds: 2) }
  }
}
