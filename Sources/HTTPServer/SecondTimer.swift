import Dispatch

/// Does something every second for as long as it lives, on a thread of the system's.
final class SecondTimer: Sendable {
  // A dispatch source may be used on any thread; it is only cancelled after the start.
  private nonisolated(unsafe) let source: any DispatchSourceTimer

  init(_ body: @escaping @Sendable () -> Void) {
    source = DispatchSource.makeTimerSource(queue: .global())
    source.setEventHandler(handler: body)
    source.schedule(deadline: .now() + 1, repeating: 1)
    source.resume()
  }

  deinit { source.cancel() }
}
