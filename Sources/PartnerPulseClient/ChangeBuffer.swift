import Dispatch
import Synchronization

/// A bounded queue of changes, from one reading thread to one consuming task.
package final class ChangeBuffer: Sendable {
  private enum Ending {
    /// The consumer is gone.
    case stopped
    /// Reading failed; the error comes after what is still in the buffer.
    case failed(any Error)
    /// The consumer has got the error.
    case over
  }

  private struct State {
    var changes: [ResultChange] = []
    /// The index of the next change to take.
    var head = 0
    var ending: Ending?
    var taker: CheckedContinuation<ResultChange?, any Error>?
    var isPutterWaiting = false

    var count: Int { changes.count - head }

    mutating func take() -> ResultChange? {
      guard head < changes.count else { return nil }
      defer {
        head += 1
        if head == changes.count {
          changes.removeAll(keepingCapacity: true)
          head = 0
        }
      }
      return changes[head]
    }
  }

  private let limit: Int
  private let state = Mutex(State())
  /// Signaled when there is room again, or the consumer is gone.
  private let room = DispatchSemaphore(value: 0)

  init(limit: Int) { self.limit = limit }

  var isStopped: Bool { state.withLock { $0.ending != nil } }

  /// How many changes wait to be taken.
  package var count: Int { state.withLock { $0.count } }

  /// Waits for room; returns false if the consumer is gone.
  func put(_ change: ResultChange) -> Bool {
    while true {
      let (isDone, taker): (Bool?, CheckedContinuation<ResultChange?, any Error>?) = state.withLock { state in
        if state.ending != nil { return (false, nil) }
        if let taker = state.taker.take() { return (true, taker) }
        guard state.count < limit else {
          state.isPutterWaiting = true
          return (nil, nil)
        }
        // Drops changes that were taken, so that the array does not grow.
        if state.head >= limit {
          state.changes.removeFirst(state.head)
          state.head = 0
        }
        state.changes.append(change)
        return (true, nil)
      }
      taker?.resume(returning: change)
      if let isDone { return isDone }
      room.wait()
    }
  }

  /// Ends the sequence with `error`, after what is in the buffer.
  func fail(_ error: any Error) {
    let taker = state.withLock { state -> CheckedContinuation<ResultChange?, any Error>? in
      guard state.ending == nil else { return nil }
      let taker = state.taker.take()
      state.ending = taker == nil ? .failed(error) : .over
      return taker
    }
    taker?.resume(throwing: error)
  }

  /// The consumer is gone: drops what is in the buffer.
  func stop() {
    let taker = state.withLock { state in
      if state.ending == nil { state.ending = .stopped }
      if case .failed = state.ending { state.ending = .stopped }
      state.changes = []
      state.head = 0
      return state.taker.take()
    }
    taker?.resume(throwing: CancellationError())
    room.signal()
  }

  /// The next change; nil once the sequence has ended.
  func next() async throws -> ResultChange? {
    try await withCheckedThrowingContinuation { continuation in
      let (outcome, wakes) = state.withLock { state -> (Result<ResultChange?, any Error>?, Bool) in
        if let change = state.take() {
          let wakes = state.isPutterWaiting && state.count <= limit / 2
          if wakes { state.isPutterWaiting = false }
          return (.success(change), wakes)
        }
        switch state.ending {
        case nil:
          state.taker = continuation
          return (nil, false)
        case .over: return (.success(nil), false)
        case .stopped:
          state.ending = .over
          return (.failure(CancellationError()), false)
        case .failed(let error):
          state.ending = .over
          return (.failure(error), false)
        }
      }
      if wakes { room.signal() }
      if let outcome { continuation.resume(with: outcome) }
    }
  }
}
