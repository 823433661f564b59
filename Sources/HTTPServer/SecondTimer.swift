import Dispatch

/// Calls a function every second for as long as it lives, on a system thread.
final class SecondTimer: Sendable {
  // A dispatch source may be used on any thread; after the start it is only cancelled.
  private nonisolated(unsafe) let source: any DispatchSourceTimer

  init(_ body: @escaping @Sendable () -> Void) {
    // A queue of its own gets a thread when it needs one; the global queue may be kept busy by others.
    source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "http-server-timer"))
    source.setEventHandler(handler: body)
    source.schedule(deadline: .now() + 1, repeating: 1)
    source.resume()
  }

  deinit { source.cancel() }
}
