import Synchronization

/// A body that is sent in pieces as they become available. The client sets the pace: the next piece is requested when the previous
/// one is sent, so a slow client takes the memory of one piece and delays nobody.
package final class ResponseStream: Sendable {
  /// What there is to send next.
  package enum Piece: Sendable {
    case bytes([UInt8])
    /// Nothing yet; `next` is called again after `wake`.
    case wait
    case end
  }

  private struct State {
    var piece: ArraySlice<UInt8> = []
    var isWaiting = false
    var isEnding = false
    var isClosed = false
    /// Resumes the connection; set while it is suspended.
    var resume: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// Returns the next piece.
  package let next: @Sendable () -> Piece
  private let closed: @Sendable () -> Void

  /// `next` is called on the server's thread, and must neither block nor wake this stream. `closed` is called once, when the stream
  /// ends for any reason.
  package init(next: @escaping @Sendable () -> Piece, closed: @escaping @Sendable () -> Void = {}) {
    self.next = next
    self.closed = closed
  }

  // A stream that is never sent must be closed too.
  deinit { close() }

  /// Signals that `next` may have a piece. Must not be called while holding a lock that `next` takes.
  package func wake() {
    state.withLock { state in
      guard state.isWaiting, let resume = state.resume else { return }
      state.isWaiting = false
      resume()
    }
  }

  /// Ends the stream after the piece that is being sent.
  func end() {
    state.withLock { $0.isEnding = true }
    wake()
  }

  enum Filled {
    case bytes(Int)
    case wait
    case end
  }

  /// Copies the next piece to `buffer`; if there is none, calls `suspend` and keeps `resume` for `wake`.
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
        // Under the lock, so that no wake is lost between `next` and the suspension.
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

  /// Closes the stream; `wake` does nothing from then on.
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
