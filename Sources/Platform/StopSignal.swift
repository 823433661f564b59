import Glibc
import Synchronization

/// Tells threads to stop, and wakes those that wait.
package final class StopSignal: Sendable {
  private let isSet = Atomic(false)
  /// A pipe, in which there is a byte once the signal is given.
  private let readEnd: Int32
  private let writeEnd: Int32

  package init() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { fatalError("no stop signal could be created: \(SystemError())") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  package var isStopped: Bool { isSet.load(ordering: .acquiring) }

  package func stop() {
    guard !isSet.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    write(writeEnd, &byte, 1)
  }

  /// Waits until the signal is given, or for `duration`; returns whether it was given.
  @discardableResult
  package func wait(for duration: Duration) -> Bool {
    let end = ContinuousClock.now + duration
    while true {
      let left = max(.zero, end - .now)
      // Rounded up, or the last millisecond would be spent in a loop.
      let milliseconds =
        left.components.seconds * 1000 + (left.components.attoseconds + 999_999_999_999_999)
        / 1_000_000_000_000_000
      if isReadable(within: Int32(clamping: milliseconds)) { return true }
      if left == .zero { return false }
    }
  }

  /// Waits until the signal is given.
  package func wait() { while !isReadable(within: -1) {} }

  private func isReadable(within milliseconds: Int32) -> Bool {
    var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0
  }
}
