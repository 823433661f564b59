import Glibc
import HTTPServer
import Synchronization

/// A stream of server-sent events with heartbeats, which ends when the client's access does. `Sent` is what its owner remembers of
/// what was sent.
final class HeartbeatStream<Sent: Sendable>: Sendable {
  private struct State {
    var sent: Sent
    /// When something was last sent, in seconds since 1970 UTC.
    var sentAt: Int64
    /// Weak, since the stream retains its owner.
    weak var stream: ResponseStream?
    var hasBegun = false
  }

  /// When access ends, in seconds since 1970 UTC; nil for never.
  private let expiry: Int64?
  /// Whether access has ended before that.
  private let isRevoked: @Sendable () -> Bool
  private let state: Mutex<State>

  /// Seconds without an event after which a heartbeat is sent, which detects a dead connection.
  private static var heartbeat: Int64 { 15 }

  init(sent: Sent, expiry: Int64?, isRevoked: @escaping @Sendable () -> Bool) {
    (self.expiry, self.isRevoked) = (expiry, isRevoked)
    state = Mutex(State(sent: sent, sentAt: Int64(time(nil))))
  }

  /// Must be called once. `next` gets the time in seconds since 1970 UTC.
  func makeStream(
    next: @escaping @Sendable (Int64) -> ResponseStream.Piece, closed: @escaping @Sendable () -> Void
  ) -> ResponseStream {
    let stream = ResponseStream(next: { next(Int64(time(nil))) }, closed: closed)
    state.withLock { $0.stream = stream }
    return stream
  }

  func isDue(now: Int64) -> Bool { hasEnded(now) || state.withLock { isSilent($0, now) } }

  func wake() { state.withLock { $0.stream }?.wake() }

  /// The next piece. `body` returns the bytes to send, if any; it gets whether they are the first, and whether a heartbeat is due.
  func piece(
    now: Int64, _ body: (inout Sent, _ isFirst: Bool, _ isDue: Bool) -> [UInt8]
  ) -> ResponseStream.Piece {
    guard !hasEnded(now) else { return .end }
    return state.withLock { state in
      // Sent even where there is no event, so that the client knows that it is connected.
      var bytes = state.hasBegun ? [] : Array("retry: 2000\n\n".utf8)
      bytes += body(&state.sent, !state.hasBegun, isSilent(state, now))
      state.hasBegun = true
      guard !bytes.isEmpty else { return .wait }
      state.sentAt = now
      return .bytes(bytes)
    }
  }

  private func isSilent(_ state: State, _ now: Int64) -> Bool { now - state.sentAt >= Self.heartbeat }

  private func hasEnded(_ now: Int64) -> Bool { expiry.map { now >= $0 } ?? false || isRevoked() }
}
