import Dispatch

/// Does something every second for as long as it lives, on a thread of the system's.
final class SecondTimer: Sendable {
  // A dispatch source may be used on any thread; it is only cancelled after the start.
  private nonisolated(unsafe) let source: any DispatchSourceTimer

  init(_ body: @escaping @Sendable () -> Void) {
    // A queue of its own has a thread when it needs one; the global one is shared with all that may keep it busy.
    source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "http-server-timer"))
    source.setEventHandler(handler: body)
    source.schedule(deadline: .now() + 1, repeating: 1)
    source.resume()
  }

  deinit { source.cancel() }
}
