import Dispatch
import Glibc
import Platform
import Synchronization

/// Turns SIGINT and SIGTERM into a stop signal. A further one, more than a second later, ends the program immediately.
final class Interruption {
  private let state: State
  private let sources: [any DispatchSourceSignal]

  init(_ console: Console) {
    let state = State(console: console)
    self.state = state
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { state.handle() }
      source.resume()
      return source
    }
  }

  var stop: StopSignal { state.stop }

  /// Whether there was a signal.
  var hasHappened: Bool { state.hasHappened.load(ordering: .acquiring) }

  /// Shared with the signal handlers, which run on another thread.
  private final class State: Sendable {
    let console: Console
    let stop = StopSignal()
    let hasHappened = Atomic(false)

    init(console: Console) { self.console = console }

    func handle() {
      guard !hasHappened.exchange(true, ordering: .acquiringAndReleasing) else { return }
      console.log(.info, "stopping")
      stop.stop()
      // One request to stop often comes as several signals: to the process and to its process group.
      DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(1)) {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
      }
    }
  }
}
