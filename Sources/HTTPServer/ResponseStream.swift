import Synchronization

/// A body that comes in pieces, when there are any. The reader sets the pace: the next piece is asked for when the one
/// before is sent, so that a slow reader costs the memory of one piece and holds nobody up.
package final class ResponseStream: Sendable {
  package enum Piece: Sendable {
    case bytes([UInt8])
    /// None now; ask again after `wake`.
    case wait
    case end
  }

  private struct State {
    var piece: ArraySlice<UInt8> = []
    var isWaiting = false
    var isEnding = false
    var isClosed = false
    /// Makes the server ask again; set while it waits for that.
    var resume: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// What there is to send next.
  package let next: @Sendable () -> Piece
  private let closed: @Sendable () -> Void

  /// `next` is called on the server's thread and must not block, nor wake this stream; `closed` once, when the stream is
  /// over for whatever reason.
  package init(next: @escaping @Sendable () -> Piece, closed: @escaping @Sendable () -> Void = {}) {
    self.next = next
    self.closed = closed
  }

  // One that is never sent is over too.
  deinit { close() }

  /// Says that `next` may have something. Not to be called with a lock that `next` takes.
  package func wake() {
    state.withLock { state in
      guard state.isWaiting, let resume = state.resume else { return }
      state.isWaiting = false
      resume()
    }
  }

  /// Ends it after the piece that is being sent.
  func end() {
    state.withLock { $0.isEnding = true }
    wake()
  }

  enum Filled {
    case bytes(Int)
    case wait
    case end
  }

  /// Copies what there is to `buffer`; where there is nothing, calls `suspend` and keeps `resume` for `wake`.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, suspend: () -> Void, resume: @escaping @Sendable () -> Void
  ) -> Filled {
    state.withLock { state in
      if state.piece.isEmpty {
        if state.isEnding { return .end }
        switch next() {
        case .bytes(let bytes): state.piece = bytes[...]
        case .wait: break
        case .end: return .end
        }
      }
      guard !state.piece.isEmpty else {
        // Within the lock, so that no wake falls between the question and the wait.
        suspend()
        state.isWaiting = true
        state.resume = resume
        return .wait
      }
      let count = min(buffer.count, state.piece.count)
      buffer.copyBytes(from: state.piece.prefix(count))
      state.piece.removeFirst(count)
      return .bytes(count)
    }
  }

  /// From now on nobody is woken.
  package func close() {
    let isFirst = state.withLock { state in
      defer {
        state.isClosed = true
        state.resume = nil
        state.isWaiting = false
        state.piece = []
      }
      return !state.isClosed
    }
    if isFirst { closed() }
  }
}
